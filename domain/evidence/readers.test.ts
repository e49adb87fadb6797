import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
  buildUserWith,
  staffOf,
} from '../../test/support/factories.ts';
import { DomainError } from '../errors.ts';
import type { Organization } from '../identity/organization.entity.ts';
import type { User } from '../identity/user.entity.ts';
import type { EvidenceId } from '../ids.ts';
import { requireContent } from './content.ts';
import type { Evidence } from './evidence.entity.ts';
import { askReaders, readerKey } from './readers.ts';
import { requireEvidence } from './visibility.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
});
afterAll(() => api.stop());

const sql = (text: string, ...values: unknown[]) => api.database.em.fork().execute(text, values);

/** Ways in which evidence may be somebody's own, or not. */
const RELATIONS = {
  none: async () => undefined,
  owner: (user: User, { id }: Evidence) =>
    sql('update evidence set owner_id = ? where id = ?', user.id, id),
  assignee: (user: User, { id }: Evidence) =>
    sql('update evidence set assignee_id = ? where id = ?', user.id, id),
  'on the access list': (user: User, { id }: Evidence) =>
    sql(`insert into evidence_access values (?, 'user', ?)`, id, user.id),
  'in a group on the access list': async (user: User, { id }: Evidence) => {
    const group = await buildGroup(api, organization, [user]);
    return sql(`insert into evidence_access values (?, 'group', ?)`, id, group.id);
  },
  'owner of its case': async (user: User, { id }: Evidence) => {
    const { id: caseId } = await buildCase(api, { owner });
    await sql('update cases set owner_id = ? where id = ?', user.id, caseId);
    return sql('insert into case_evidence values (?, ?, now())', caseId, id);
  },
  'member of its case': async (user: User, { id }: Evidence) => {
    const { id: caseId } = await buildCase(api, { owner });
    await sql(`insert into case_members values (?, 'user', ?)`, caseId, user.id);
    return sql('insert into case_evidence values (?, ?, now())', caseId, id);
  },
  'in a group of its case': async (user: User, { id }: Evidence) => {
    const { id: caseId } = await buildCase(api, { owner });
    const group = await buildGroup(api, organization, [user]);
    await sql(`insert into case_members values (?, 'group', ?)`, caseId, group.id);
    return sql('insert into case_evidence values (?, ?, now())', caseId, id);
  },
} as const;

/** Whether a request for the bytes would be let through now. */
async function isLetThrough(user: User, id: EvidenceId): Promise<boolean> {
  try {
    const em = api.database.em.fork();
    requireContent(await requireEvidence(em, await staffOf(api, user), id, 'evidence.view'));
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

test('who reads may go on exactly where a new request would be let through', async () => {
  const asked: { user: User; id: EvidenceId; what: string }[] = [];
  for (const level of ['none', 'own', 'any'] as const) {
    for (const [what, relate] of Object.entries(RELATIONS)) {
      const user = await buildUserWith(api, organization, { 'evidence.view': level });
      const evidence = await buildEvidence(api, { owner });
      await relate(user, evidence);
      asked.push({ user, id: evidence.id, what: `${level}, ${what}` });
    }
  }
  const reader = await buildUser(api, { organization });
  for (const state of ['quarantined', 'destroyed', 'declined', 'queued_for_deletion'] as const) {
    const { id } = await buildEvidence(api, { owner, fields: { state } });
    asked.push({ user: reader, id, what: state });
  }
  const stranger = await buildEvidence(api);
  asked.push({ user: reader, id: stranger.id, what: "another organization's" });

  const em = api.database.em.fork();
  const held = await askReaders(
    em,
    asked.map(({ user, id }) => readerKey(user.id, id)),
  );
  const expected: string[] = [];
  for (const { user, id, what } of asked) if (await isLetThrough(user, id)) expected.push(what);
  const found = asked.filter(({ user, id }) => held.has(readerKey(user.id, id)));
  expect(found.map(({ what }) => what)).toEqual(expected);
  expect(expected).toHaveLength(8 + 7 + 2);
});

test('a user who is disabled may not go on', async () => {
  const user = await buildUser(api, { organization });
  const { id } = await buildEvidence(api, { owner });
  const key = readerKey(user.id, id);
  expect(await askReaders(api.database.em.fork(), [key])).toEqual(new Map([[key, null]]));
  await sql('update users set disabled_at = now() where id = ?', user.id);
  expect(await askReaders(api.database.em.fork(), [key])).toEqual(new Map());
});
