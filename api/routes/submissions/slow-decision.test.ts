/** A decision that takes long to be made, and another one meanwhile. */
import pg from 'pg';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { buildUser } from '../../../test/support/factories.ts';
import { buildInvite, buildPortal, buildSubmission } from '../../../test/support/portals.ts';

let api: TestApi;
let other: pg.Client;
beforeAll(async () => {
  api = await startApi();
  other = new pg.Client(api.urls.ownerUrl);
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await api.stop();
});

test('nobody accepts what somebody was declining, however long that took', async () => {
  const owner = await buildUser(api);
  const colleague = await buildUser(api, { organization: { id: owner.organizationId } });
  const portal = await buildPortal(api, { owner, kind: 'public' });
  const submission = await buildSubmission(api, portal, await buildInvite(api, portal));
  const [file] = submission.files;
  const accept = () => api.post(`/submissions/${submission.id}/files/${file}/accept`, owner);

  // As a colleague declines: the instant was noted five seconds before all of it was done.
  await other.query('begin');
  await other.query('select from submissions where id = $1 for no key update', [submission.id]);
  await other.query(
    `update submission_files set decision = 'declined', decided_by = $2,
       decided_at = clock_timestamp() - interval '5 seconds' where submission_id = $1`,
    [submission.id, colleague.id],
  );
  await other.query(`update evidence set state = 'declined' where id = $1`, [file]);
  const answer = accept();
  await eventually('the other decision to wait for it', async () => {
    const { rows } = await other.query(
      'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
    );
    return rows.length > 0;
  });
  await other.query('commit');

  expect((await answer).body).toMatchObject({ status: 409, code: 'wrong-state' });
  expect((await accept()).status).toBe(200);
});
