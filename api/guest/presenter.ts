import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { Case } from '../../domain/cases/case.entity.ts';
import type { Upload } from '../../domain/evidence/evidence.entity.ts';
import { LARGEST_FILE } from '../../domain/evidence/part-plan.ts';
import type { UploadingParty } from '../../domain/evidence/uploading-party.ts';
import { chosenFields } from '../../domain/requests/request-letter.ts';
import { MOST_FILES } from '../../domain/requests/request-party.ts';
import type { RequestGrant } from '../../domain/requests/request-session.ts';
import { FINISHING_DAYS } from '../../domain/requests/request-state.ts';
import { UploadRequest } from '../../domain/requests/upload-request.entity.ts';
import { daysAfter } from '../../domain/sharing/activate.ts';
import { utc } from '../../domain/sql.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import { readPage, type ViewSql } from '../list.ts';
import { partsInStore } from '../routes/evidence/upload-presenter.ts';
import type {
  guestUpload,
  guestUploadQuery,
  guestUploadWithParts,
  requestFacts,
} from './schema.ts';

type GuestUpload = z.input<typeof guestUpload>;
type Facts = z.input<typeof requestFacts>;

/** Uploads that the facts show; the list has all. */
const SHOWN = 500;

const UPLOADS: ViewSql = {
  from: '(select u.*, 1 as version from uploads u) u',
  alias: 'u',
  view: /* sql */ `json_build_object('id', u.id, 'fileName', u.file_name, 'size', u.size,
    'state', u.state, 'partSize', u.part_size, 'partCount', u.part_count,
    'begunAt', ${utc('u.begun_at')}, 'settledAt', ${utc('u.settled_at')}, 'sha256', u.sha256,
    'failure', u.failure)`,
};

/** What a request tells the one whom it asks. */
export async function readFacts(
  em: EntityManager,
  grant: RequestGrant,
  party: UploadingParty,
): Promise<Facts> {
  const { requestId, organization } = grant;
  const request = await em.findOneOrFail(UploadRequest, { id: requestId });
  const about = await em.findOneOrFail(Case, grant.caseId);
  const counts = await em.execute<{ state: string; files: number }[]>(
    `select state, count(*)::int as files from uploads where upload_request_id = ? group by state`,
    [requestId],
  );
  const count = (state: string) => counts.find((row) => row.state === state)?.files ?? 0;
  const rows = await em.execute<{ view: GuestUpload }[]>(
    `select ${UPLOADS.view} as view from uploads u where u.upload_request_id = ? and u.state <> 'aborted'
     order by u.state in ('uploading', 'verifying') desc, u.id desc limit ${SHOWN}`,
    [requestId],
  );
  return {
    id: requestId,
    state: grant.state,
    organization: { name: organization.name, timeZone: organization.timeZone },
    sender: { name: grant.sender.name },
    fields: [...chosenFields(about, request.fields)],
    note: request.note ?? null,
    expiresAt: grant.expiresAt.toISOString(),
    finishBy: daysAfter(grant.expiresAt, FINISHING_DAYS).toISOString(),
    limits: { fileSize: LARGEST_FILE, files: MOST_FILES },
    supportedExtensions: [...((await party.extensions(em)) ?? [])],
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

/** A page of a request's uploads, newest first. */
export async function listGuestUploads(
  em: EntityManager,
  { requestId }: RequestGrant,
  asked: z.output<typeof guestUploadQuery>,
) {
  const state = asked.state ?? null;
  return readPage<GuestUpload>(
    em,
    UPLOADS,
    {
      sql: 'u.upload_request_id = ? and (?::text is null or u.state = ?)',
      values: [requestId, state, state],
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
    // Whoever looks after a check again and again needs no list of parts, which may be thousands.
    parts: upload.state === 'uploading' ? await partsInStore(upload, store) : [],
  };
}
