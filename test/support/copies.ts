import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { Plan } from '../../domain/lifecycle/life.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { copyFiles } from '../../domain/sharing/case-copy/copy-files.ts';
import type { CopyLimits } from '../../domain/sharing/case-copy/copy-object.ts';
import { tidyCopies } from '../../domain/sharing/case-copy/tidy-copies.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { TestApi } from './api.ts';
import { buildOrganization, buildPartner, buildUser } from './factories.ts';

/** Two organizations that may copy to each other, with an administrator each. */
export interface CopyingPair {
  readonly source: Organization;
  readonly partner: Organization;
  readonly sender: User;
  readonly receiver: User;
}

export async function buildCopyingPair(api: TestApi): Promise<CopyingPair> {
  const source = await buildOrganization(api, { name: 'Northfield Police' });
  const partner = await buildOrganization(api, { name: 'County Prosecutor', kind: 'justice' });
  await buildPartner(api, source, partner);
  return {
    source,
    partner,
    sender: await buildUser(api, { organization: source, name: 'Sam Sender' }),
    receiver: await buildUser(api, { organization: partner, name: 'Rita Receiver' }),
  };
}

/** Shares a copy by the API; fails where that is refused. */
export async function shareCopy(
  api: TestApi,
  pair: CopyingPair,
  caseId: string,
  fields: object = {},
): Promise<{ readonly id: string }> {
  const answer = await api.post(`/cases/${caseId}/shares`, pair.sender, {
    method: 'copy',
    partnerOrganizationId: pair.partner.id,
    recipients: [{ type: 'user', id: pair.receiver.id }],
    scope: { type: 'entire_case' },
    ...fields,
  });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** One turn of a copy's life, as its workflow asks for. */
export async function turnCopy(api: TestApi, shareId: string, now = new Date()): Promise<Plan> {
  return turn(api, LIVES, workflowIdOf('case-copy', shareId), now, []);
}

/** One slice of its copying, and one of its tidying. */
export async function copySlice(
  api: TestApi,
  shareId: string,
  options: { readonly store?: ObjectStore; readonly limits?: CopyLimits } = {},
): Promise<boolean> {
  return copyFiles(
    { ...api, store: options.store ?? api.store },
    workflowIdOf('case-copy', shareId),
    new Date(),
    new AbortController().signal,
    options.limits,
  );
}

export async function tidySlice(api: TestApi, shareId: string, now: Date): Promise<boolean> {
  return tidyCopies(api, workflowIdOf('case-copy', shareId), now, new AbortController().signal);
}

/** Lets the life of a copy do all that is due, without a worker: until it only waits for a later instant. */
export async function liveCopy(api: TestApi, shareId: string, now = new Date()): Promise<Plan> {
  for (;;) {
    const plan = await turnCopy(api, shareId, now);
    const work = plan.work.filter((name) => name !== 'mail');
    if (work.length === 0 && plan.wakeAt !== now.getTime()) return plan;
    if (work.includes('copy')) await copySlice(api, shareId);
    if (work.includes('tidy')) await tidySlice(api, shareId, now);
  }
}

/** The case that a partner got by a share; null before it is delivered. */
export async function targetOf(api: TestApi, shareId: string): Promise<string | null> {
  const [row] = await api.database.em
    .fork()
    .execute<{ target_case_id: string | null }[]>(
      'select target_case_id from shares where id = ?',
      [shareId],
    );
  return row?.target_case_id ?? null;
}

/** Everything in the store that copies to an organization have made, by key and version. */
export async function copiedObjects(api: TestApi, partner: Organization): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, versionId } of api.store.versions(`copies/${partner.id}/`)) {
    found.push(`${key}#${versionId ?? ''}`);
  }
  const unfinished = await api.store.unfinishedUploads(`copies/${partner.id}/`);
  return [...found, ...unfinished.map(({ uploadId }) => uploadId)].sort();
}

/** The objects that evidence and attachments of an organization stand for, as `copiedObjects` names them. */
export async function ownedObjects(api: TestApi, partner: Organization): Promise<string[]> {
  const rows = await api.database.em.fork().execute<{ name: string }[]>(
    `select e.object_key || '#' || coalesce(e.object_version, '') as name from evidence e
     where e.organization_id = ?
     union all
     select a.object_key || '#' || coalesce(a.object_version, '') from evidence_attachments a
     join evidence e on e.id = a.evidence_id where e.organization_id = ?`,
    [partner.id, partner.id],
  );
  return rows.map(({ name }) => name).sort();
}
