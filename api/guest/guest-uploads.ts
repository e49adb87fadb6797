/** Uploads as guests see them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Upload } from '../../domain/evidence/evidence.entity.ts';
import { type Condition, utc } from '../../domain/sql.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import { readPage, type ViewSql } from '../list.ts';
import { partsInStore } from '../routes/evidence/upload-presenter.ts';
import type {
  guestUpload,
  guestUploadQuery,
  guestUploadWithParts,
  SendingFacts,
} from './schema.ts';

type GuestUpload = z.input<typeof guestUpload>;

/** Uploads that facts show; the list has all. */
const SHOWN = 500;

const UPLOADS: ViewSql = {
  from: '(select u.*, 1 as version from uploads u) u',
  alias: 'u',
  view: /* sql */ `json_build_object('id', u.id, 'fileName', u.file_name, 'size', u.size,
    'state', u.state, 'partSize', u.part_size, 'partCount', u.part_count,
    'begunAt', ${utc('u.begun_at')}, 'settledAt', ${utc('u.settled_at')}, 'sha256', u.sha256,
    'failure', u.failure, 'caption', u.caption)`,
};

/**
 * What was sent so far, for the facts of whatever takes the files.
 * @param own SQL over a row called `u` of `uploads`
 */
export async function readSent(
  em: EntityManager,
  own: Condition,
): Promise<Pick<SendingFacts, 'counts' | 'uploads'>> {
  const counts = await em.execute<{ state: string; files: number }[]>(
    `select u.state, count(*)::int as files from uploads u where ${own.sql} group by u.state`,
    [...own.values],
  );
  const count = (state: string) => counts.find((row) => row.state === state)?.files ?? 0;
  const rows = await em.execute<{ view: GuestUpload }[]>(
    `select ${UPLOADS.view} as view from uploads u where ${own.sql} and u.state <> 'aborted'
     order by u.state in ('uploading', 'verifying') desc, u.id desc limit ${SHOWN}`,
    [...own.values],
  );
  return {
    counts: {
      uploading: count('uploading'),
      verifying: count('verifying'),
      verified: count('verified'),
      duplicate: count('duplicate'),
      failed: count('failed'),
    },
    uploads: rows.map(({ view }) => view),
  };
}

/**
 * A page of a guest's uploads, newest first.
 * @param own SQL over a row called `u` of `uploads`
 */
export async function listGuestUploads(
  em: EntityManager,
  own: Condition,
  asked: z.output<typeof guestUploadQuery>,
) {
  const state = asked.state ?? null;
  return readPage<GuestUpload>(
    em,
    UPLOADS,
    {
      sql: `${own.sql} and (?::text is null or u.state = ?)`,
      values: [...own.values, state, state],
    },
    asked,
    { order: 'newest first' },
  );
}

/** An upload, while it is sent with the parts that the store lists. */
export async function presentGuestUpload(
  upload: Upload,
  store: ObjectStore,
): Promise<z.input<typeof guestUploadWithParts>> {
  return {
    id: upload.id,
    fileName: upload.fileName,
    size: upload.size,
    state: upload.state,
    partSize: upload.partSize,
    partCount: upload.partCount,
    begunAt: upload.begunAt.toISOString(),
    settledAt: upload.settledAt?.toISOString() ?? null,
    sha256: upload.sha256 ?? null,
    failure: upload.failure ?? null,
    caption: upload.caption ?? null,
    // Whoever looks after a check again and again needs no list of parts, which may be thousands.
    parts: upload.state === 'uploading' ? await partsInStore(upload, store) : [],
  };
}
