/** Uploads that the store holds parts of, and that no row knows. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UnfinishedUpload } from '../../platform/object-store/object-store.ts';
import { act } from '../act.ts';
import { ABANDONED_AFTER } from '../evidence/intake/intake-rule.ts';
import { type OrganizationId, UUID } from '../ids.ts';
import { prefixesOf } from '../retention/inventory.ts';
import type { Finding, Look, ReconcilingDeps, Step } from './check.ts';

const DAY = 24 * 3600 * 1000;

/** How old an upload is before that nobody knows it is a finding; the inventory waits as long. */
const UNKNOWN_AFTER = 2 * DAY;

/**
 * How old it is before it is removed: nobody's upload is given more patience than a known one, and
 * never less, should the rows come back with another backup.
 */
const REMOVED_AFTER = ABANDONED_AFTER + UNKNOWN_AFTER;

/**
 * Finds unfinished uploads below an organization's prefixes that no row is under way with. Repair: the
 * parts of those that are older than any known upload could be are removed, and that is recorded.
 * Completed objects are the inventory's affair, and stay.
 */
export async function checkUnfinished(
  deps: ReconcilingDeps,
  after: string | null,
  look: Look,
): Promise<Step> {
  const em = deps.database.em.fork();
  const [organization] = await em.execute<{ id: OrganizationId }[]>(
    'select id from organizations where ?::uuid is null or id > ? order by id limit 1',
    [after, after],
  );
  if (organization === undefined) return { next: null, checked: 0, findings: [] };
  let checked = 0;
  const findings: Finding[] = [];
  for (const prefix of prefixesOf(organization.id)) {
    const listed = await deps.store.unfinishedUploads(prefix);
    checked += listed.length;
    const old = listed.filter(({ begunAt }) => ageOf(begunAt, look.now) > UNKNOWN_AFTER);
    for (const upload of await unknownAmong(em, old)) {
      const repaired = look.repair && ageOf(upload.begunAt, look.now) > REMOVED_AFTER;
      if (repaired) await discard(deps, organization.id, upload, look);
      findings.push({
        kind: 'upload-unknown',
        subject: `${upload.key} ${upload.uploadId}`,
        organizationId: organization.id,
        detail: `begun ${upload.begunAt.toISOString()}`,
        repaired,
      });
    }
  }
  return { next: organization.id, checked, findings };
}

function ageOf(begunAt: Date, now: Date): number {
  return now.getTime() - begunAt.getTime();
}

/** Known is what a row goes on with or is about to tidy; what is settled needs no parts any more. */
async function unknownAmong(
  em: EntityManager,
  uploads: readonly UnfinishedUpload[],
): Promise<UnfinishedUpload[]> {
  if (uploads.length === 0) return [];
  const known = await em.execute<{ key: string; uploadId: string }[]>(
    `select k.key, k."uploadId" from json_to_recordset(?::json) as k (key text, "uploadId" text) where
       exists (select from uploads u where u.object_key = k.key and u.store_upload_id = k."uploadId"
         and (u.state in ('uploading', 'verifying') or u.tidy_at is not null))
       or exists (select from copy_deliveries d
         where starts_with(k.key, 'copies/') and d.id::text = split_part(k.key, '/', 3)
         and (d.state not in ('delivered', 'failed', 'cancelled') or d.tidy_at is not null))`,
    [JSON.stringify(uploads)],
  );
  const names = new Set(known.map(({ key, uploadId }) => `${key} ${uploadId}`));
  return uploads.filter(({ key, uploadId }) => !names.has(`${key} ${uploadId}`));
}

/** Recorded before the parts are gone: after a crash in between, the next run finds them again. */
async function discard(
  deps: ReconcilingDeps,
  organizationId: OrganizationId,
  { key, uploadId, begunAt }: UnfinishedUpload,
  { actor }: Look,
): Promise<void> {
  const name = key.split('/').at(-1) ?? '';
  await act(deps, { actor }, async (acting) => {
    acting.audit({
      organizationId,
      action: 'upload.discarded',
      objects: UUID.test(name) ? [name] : [],
      data: { begunAt: begunAt.toISOString() },
    });
  });
  await deps.store.abortUpload(key, uploadId);
}
