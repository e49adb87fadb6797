import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildOrganization, buildUser } from '../../test/support/factories.ts';
import { buildDue, DAY, inDays, liveRetention } from '../../test/support/retention.ts';
import type { Organization } from '../identity/organization.entity.ts';
import type { User } from '../identity/user.entity.ts';
import { deletionNoticeStands } from './notice-reasons.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());
beforeEach(async () => {
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization, email: `o-${organization.id}@example.test` });
});

async function notices(): Promise<{ recipient: string; text: string; sequence: number }[]> {
  return api.database.em.fork().execute(
    `select recipient, text, sequence from notifications
       where kind = 'deletion-notice' and organization_id = ? order by sequence, recipient`,
    [organization.id],
  );
}

test('administrators are told every week what is queued, destroyed and coming, by counts', async () => {
  const email = `a-${organization.id}@example.test`;
  await buildUser(api, { organization, email, language: 'es' });
  await buildUser(api, { organization, roles: ['investigator'] });
  const evidence = await buildDue(api, owner);
  await liveRetention(api, organization.id);
  await liveRetention(api, organization.id, inDays(1));
  const mails = await notices();
  expect(mails.map(({ recipient }) => recipient)).toEqual([email, owner.email]);
  expect(mails[1]?.text).toContain('To be queued in the next 7 days: 1');
  expect(mails[0]?.text).toContain('Entrarán en la cola en los próximos 7 días: 1');
  expect(JSON.stringify(mails)).not.toContain(evidence.title);
  await liveRetention(api, organization.id, inDays(7.01));
  expect((await notices()).length).toBe(4);
  await liveRetention(api, organization.id, inDays(14.02));
  const third = (await notices()).filter(({ sequence }) => sequence === 2);
  expect(third[0]?.text).toContain('Destruidas desde el último de estos correos: 1');
  // All is gone and told: nothing more to say.
  for (const days of [22, 29, 36]) await liveRetention(api, organization.id, inDays(days));
  expect((await notices()).length).toBe(6);
});

test('nobody is told of nothing, and of something within a day', async () => {
  await liveRetention(api, organization.id);
  expect(await notices()).toEqual([]);
  const evidence = await buildDue(api, owner);
  await api.delete(`/evidence/${evidence.id}`, owner);
  await liveRetention(api, organization.id, new Date(Date.now() + DAY + 1_000));
  expect((await notices())[0]?.text).toContain('Queued for deletion now: 1');
});

test('a mail is for who is an administrator still', async () => {
  const other = await buildUser(api, { organization, roles: ['investigator'] });
  const stands = (recipient: string) =>
    api.database.em
      .fork()
      .transactional(async (em) =>
        deletionNoticeStands(em, { subjectId: organization.id, recipient }),
      );
  expect(await stands(owner.email)).toBe(true);
  expect(await stands(other.email)).toBe(false);
});
