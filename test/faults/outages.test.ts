/**
 * One outage of everything at once, short, with its ledger: the part of `npm run test:faults -- outages`
 * that runs with every change.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { shareCaseByLink } from './load-link.ts';
import { askTrustedUser } from './load-request.ts';
import { judge } from './outages-verdict.ts';
import { type OutageWorld, startOutageWorld } from './outages-world.ts';

let world: OutageWorld;
beforeAll(async () => {
  world = await startOutageWorld();
}, 240_000);
afterAll(async () => world.stop());

test('connections are reset and replies lost, under load: nothing is lost, nothing happens twice', async () => {
  const verdict = await judge(
    world,
    {
      name: 'everything for a moment',
      courses: [shareCaseByLink, askTrustedUser],
      async happen({ proxies }) {
        proxies.api.swallowReplies(/^POST \/api\/v1\/cases/);
        const { broken } = proxies.api;
        await eventually('a reply to be lost', () => proxies.api.broken > broken, 60);
        // Not before: clients that send a file ask for nothing else until the store takes it.
        proxies.store.misbehave('to-server', { type: 'reset', every: 60_000 });
        await pause(500);
        proxies.api.heal();
        for (const proxy of [proxies.postgres, proxies.store]) proxy.reset();
        proxies.store.heal();
      },
    },
    { before: 500, after: 0, clients: 2, rest: 300 },
  );
  expect(verdict.findings).toEqual([]);
  expect(verdict.unanswered).toBeGreaterThan(0);
  expect(verdict.acts).toMatchObject({ unknown: 0, refused: 0 });
}, 400_000);
