/** Deleting clients of the integration while they call, round after round. */
import type { TestApi } from './api.ts';
import {
  accessTokenOf,
  askForToken,
  buildApiClient,
  buildIntegration,
  callAs,
  type TestApiClient,
} from './api-clients.ts';

/** Rounds at a time. */
const LANES = 8;

/** What became of one client's calls. */
interface Round {
  /** Calls that were done, of the eight that were sent before the deletion answered. */
  readonly done: number;
  /** Statuses of what was sent after the deletion answered. */
  readonly after: readonly number[];
}

/** Calls of every kind in flight while the client is deleted, and every kind again after the answer. */
async function round(api: TestApi, client: TestApiClient): Promise<Round> {
  const token = await accessTokenOf(api, client);
  const { portalId } = (await callAs(api, token, 'post', '', {})).body;
  const calls = () => [
    callAs(api, token, 'post', '', { title: 'late' }),
    callAs(api, token, 'patch', `/${portalId}`, { title: 'late' }),
    callAs(api, token, 'post', `/${portalId}/invite-link`, { communityMember: {} }),
    askForToken(api, {
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
    }),
  ];
  const before = calls();
  const deleted = api.delete(`/api-clients/${client.id}`, client.administrator);
  before.push(...calls());
  if ((await deleted).status !== 204) throw new Error('the client was not deleted');
  const after = await Promise.all(calls());
  const answered = await Promise.all(before);
  for (const { status } of answered) expect([200, 201, 401]).toContain(status);
  return {
    done: answered.filter(({ status }) => status < 300).length,
    after: after.map(({ status }) => status),
  };
}

/** Expects that nothing is done for a client after its deletion answered, in so many rounds. */
export async function expectDeletionEndsCalls(api: TestApi, count: number): Promise<void> {
  const { administrator } = await buildIntegration(api);
  const rounds: Round[] = [];
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      // Each lane asks often: limits are for strangers.
      await api.database.em.fork().execute('delete from rate_limits');
      rounds.push(await round(api, await buildApiClient(api, administrator)));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(rounds).toHaveLength(count);
  for (const { after } of rounds) expect(after).toEqual([401, 401, 401, 401]);
  // The chain is in the order of the commits.
  const late = await api.database.em.fork().execute(
    `select e.action from audit_events e
     join audit_events d on d.organization_id = e.organization_id and d.action = 'api_client.deleted'
       and d.objects @> array[(e.content::json -> 'actor' ->> 'id')::uuid]
     where e.content::json -> 'actor' ->> 'kind' = 'api_client' and e.sequence > d.sequence`,
  );
  expect(late).toEqual([]);
  // Both outcomes were seen: the calls and the deletion did meet.
  expect(rounds.some(({ done }) => done > 0)).toBe(true);
  expect(rounds.some(({ done }) => done < 8)).toBe(true);
}
