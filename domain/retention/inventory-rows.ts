/** What the rows say that the store has. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceId } from '../ids.ts';

/** An object that has to be there, for evidence or what is attached to it. */
export interface ExpectedObject {
  readonly key: string;
  readonly versionId: string | null;
  readonly size: number;
  readonly evidenceId: EvidenceId;
}

/**
 * The objects that have to be there below a prefix, after a key and up to another. What is being verified
 * is the affair of its intake, and of what is destroyed nothing has to be there.
 * @param range.to null: to the end of the prefix
 */
export async function readExpected(
  em: EntityManager,
  organizationId: string,
  {
    prefix,
    after,
    to,
  }: { readonly prefix: string; readonly after: string; readonly to: string | null },
): Promise<ExpectedObject[]> {
  const range = `object_key collate "C" > ? and (?::text is null or object_key collate "C" <= ?)
    and starts_with(object_key, ?)`;
  const values = [after, to, to, prefix];
  const rows = await em.execute<
    { key: string; version: string | null; size: string; evidence_id: EvidenceId }[]
  >(
    `select object_key as key, object_version as version, size, id as evidence_id from evidence
     where organization_id = ? and state not in ('verifying', 'destroyed') and ${range}
     union all
     select a.object_key, a.object_version, a.size, a.evidence_id
     from evidence_attachments a join evidence e on e.id = a.evidence_id
     where e.organization_id = ? and e.state <> 'destroyed' and ${range.replaceAll('object_key', 'a.object_key')}`,
    [organizationId, ...values, organizationId, ...values],
  );
  return rows.map(({ key, version, size, evidence_id: evidenceId }) => ({
    key,
    versionId: version,
    size: Number(size),
    evidenceId,
  }));
}

/**
 * Which of these keys something knows of: evidence that is not gone yet, attachments, uploads that are
 * under way or being tidied, and copies likewise.
 */
export async function readKnown(
  em: EntityManager,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ key: string }[]>(
    `select k.key from json_array_elements_text(?::json) as k (key) where
       exists (select from evidence e where e.object_key = k.key and not exists (
         select from deletions d where d.evidence_id = e.id and d.gone_at is not null))
       or exists (select from evidence_attachments a where a.object_key = k.key)
       or exists (select from uploads u where u.object_key = k.key
         and (u.state in ('uploading', 'verifying') or u.tidy_at is not null))
       or exists (select from copy_deliveries d
         where d.id::text = split_part(k.key, '/', 3) and starts_with(k.key, 'copies/')
         and (d.state not in ('delivered', 'failed', 'cancelled') or d.tidy_at is not null))`,
    [JSON.stringify([...new Set(keys)])],
  );
  return new Set(rows.map(({ key }) => key));
}
