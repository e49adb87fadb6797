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
 * How long nobody has known it before it is removed: as long as a known one is given without activity.
 * It counts from where it was found first, not from where it began: rows that an older backup does not
 * have may come back with another one.
 */
const REMOVED_AFTER = ABANDONED_AFTER;

/**
 * Finds unfinished uploads below an organization's prefixes that no row is under way with. Repair: the
 * parts of those that nobody has known for long are removed, and that is recorded. Completed objects are
 * the inventory's affair, and stay.
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
    const unknown = await unknownAmong(em, old);
    const standing = await standingAmong(em, unknown);
    for (const upload of unknown) {
      const subject = subjectOf(upload);
      const stood = standing.get(subject);
      const repaired =
        look.repair && stood !== undefined && ageOf(stood.since, look.now) >= REMOVED_AFTER;
      if (repaired) await discard(deps, organization.id, upload, look);
      findings.push({
        kind: 'upload-unknown',
        subject,
        organizationId: organization.id,
        detail: stood?.detail ?? `begun ${upload.begunAt.toISOString()}`,
        repaired,
      });
    }
  }
  return { next: organization.id, checked, findings };
}

function ageOf(since: Date, now: Date): number {
  return now.getTime() - since.getTime();
}

function subjectOf({ key, uploadId }: UnfinishedUpload): string {
  return `${key} ${uploadId}`;
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
  return uploads.filter((upload) => !names.has(subjectOf(upload)));
}

/** What earlier runs noted of these uploads, by subject. */
async function standingAmong(
  em: EntityManager,
  uploads: readonly UnfinishedUpload[],
): Promise<ReadonlyMap<string, { readonly since: Date; readonly detail: string }>> {
  const rows = await em.execute<{ subject: string; since: Date | string; detail: string }[]>(
    `select subject, first_found_at as since, detail from reconciliation_findings
     where kind = 'upload-unknown'
       and subject in (select value from json_array_elements_text(?::json))`,
    [JSON.stringify(uploads.map(subjectOf))],
  );
  return new Map(
    rows.map(({ subject, since, detail }) => [subject, { since: new Date(since), detail }]),
  );
}

/**
 * Recorded before the parts are gone, and once: after a crash in between, or where the store refuses,
 * the finding says that it is recorded.
 */
async function discard(
  deps: ReconcilingDeps,
  organizationId: OrganizationId,
  upload: UnfinishedUpload,
  { actor }: Look,
): Promise<void> {
  const { key, uploadId, begunAt } = upload;
  const name = key.split('/').at(-1) ?? '';
  const detail = `begun ${begunAt.toISOString()}, being removed`;
  await act(deps, { actor }, async (acting) => {
    const noted = await acting.em.execute<unknown[]>(
      `update reconciliation_findings set detail = ?
       where kind = 'upload-unknown' and subject = ? and detail <> ? returning 1`,
      [detail, subjectOf(upload), detail],
    );
    if (noted.length === 0) return;
    acting.audit({
      organizationId,
      action: 'upload.discarded',
      objects: UUID.test(name) ? [name] : [],
      data: { begunAt: begunAt.toISOString() },
    });
  });
  await deps.store.abortUpload(key, uploadId);
}
