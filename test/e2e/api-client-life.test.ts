/** API clients live: their administrators are told of each change, and of nothing else. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { accessTokenOf, buildIntegration } from '../support/api-clients.ts';
import { eventually } from '../support/eventually.ts';
import { buildUser, buildUserWith } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

test('every administrator is mailed each change once, in its language and without the secret', async () => {
  const { api, mail, temporal } = lives;
  const client = await buildIntegration(api);
  const { administrator } = client;
  await eventually('the first mail', () => mail.mails.length === 1);
  const organization = { id: administrator.organizationId };
  const colleague = await buildUser(api, { organization, language: 'fr' });
  await buildUserWith(api, organization, { 'admin.apiClients': 'any' });
  const path = `/api-clients/${client.id}`;
  const second = await api.post(`${path}/secrets`, administrator, {});
  await api.patch(path, administrator, { name: 'Renamed' });
  await accessTokenOf(api, client);
  await api.delete(`${path}/secrets/${client.secretId}`, administrator);
  await api.delete(path, administrator);
  await eventually('the other mails', () => mail.mails.length === 7);
  await temporal.client.workflow.getHandle(workflowIdOf('api-client', client.id)).result();

  const subjectsTo = ({ email }: { readonly email: string }) =>
    mail.mails
      .filter(({ to }) => to?.[0]?.address === email)
      .map(({ subject }) => subject?.split(':')[0]);
  expect(subjectsTo(administrator).toSorted()).toEqual([
    'A secret of an API client was removed',
    'API client created',
    'API client deleted',
    'API client has a new secret',
  ]);
  expect(subjectsTo(colleague).toSorted()).toEqual([
    'Client d’API supprimé ',
    'Nouveau secret du client d’API ',
    'Un secret du client d’API a été supprimé ',
  ]);
  const said = JSON.stringify(mail.mails);
  expect(said).toContain(client.id);
  for (const secret of [client.secret, second.body.clientSecret]) {
    expect(said).not.toContain(secret);
  }
});
