/** A few of the crash points, of a short life; `crash-points.faults.ts` has all of them. */
import { buildRequest } from '../support/requests.ts';
import { type LifeStory, runPoints, runUndisturbed } from './crash-points/runner.ts';
import type { VictimPoint } from './crash-points/world.ts';
import { createWorlds } from './crash-points/worlds.ts';

const worlds = createWorlds(1);
afterAll(() => worlds.stop());

/** A request is made and its invitation sent. */
const story: LifeStory = {
  kind: 'upload-request',
  async live({ api }) {
    await buildRequest(api);
  },
};

const AFTER_COMMIT: VictimPoint = {
  victim: 'api',
  name: 'POST /api/v1/cases/:id/upload-requests: commit of audit_events, audit_sources, idempotency_keys, lifecycles, upload_request_links, upload_request_progress, upload_requests',
  occurrence: 1,
  side: 'after',
};
const AFTER_MAIL: VictimPoint = {
  victim: 'worker',
  name: 'sendMail of upload-request: mail to SMTP',
  occurrence: 1,
  side: 'after',
};

test('a request whose API dies after its commit, and its worker after SMTP has the mail, is made once', async () => {
  const undisturbed = await runUndisturbed(worlds, story);
  const outcomes = await runPoints(worlds, story, undisturbed, [AFTER_COMMIT, AFTER_MAIL]);
  expect(outcomes).toEqual([
    { point: AFTER_COMMIT, verdict: { type: 'same' } },
    // Under the same Message-ID: the one gap that SMTP leaves.
    { point: AFTER_MAIL, verdict: { type: 'mail twice' } },
  ]);
}, 180_000);
