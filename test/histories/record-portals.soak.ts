/** Records histories of portals and invites, as `record.soak.ts` does of the other lives. */
import { eventually } from '../support/eventually.ts';
import { buildUser, unique } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import {
  buildInvited,
  inviteLifeOf,
  mailsTo,
  planned,
  portalLifeOf,
} from '../support/portal-lives.ts';
import {
  buildInvite,
  buildPortal,
  buildSubmission,
  setIndividual,
  type TestPortal,
} from '../support/portals.ts';
import { writeHistory } from './write-history.ts';

const DAY = 24 * 3_600_000;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

const handleOf = (workflowId: string) => lives.temporal.client.workflow.getHandle(workflowId);

async function waitsFor(workflowId: string, what: string): Promise<void> {
  await eventually(`${workflowId} to wait for ${what}`, async () => {
    const { searchAttributes } = await handleOf(workflowId).describe();
    return searchAttributes['WaitingFor']?.[0] === what;
  });
}

/** A portal of an organization that reminds. */
async function reminding(): Promise<TestPortal> {
  const owner = await buildUser(lives.api);
  await setIndividual(lives.api, owner, { reminders: true });
  return buildPortal(lives.api, { owner });
}

test('an invite that sleeps until its first reminder', async () => {
  const life = inviteLifeOf(await buildInvited(lives, await reminding()));
  await waitsFor(life, 'a reminder');
  await writeHistory('portal-invite.sleeping', handleOf(life));
});

test('an invite that was reminded of', async () => {
  const invite = await buildInvited(lives, await reminding());
  const life = inviteLifeOf(invite);
  await lives.temporal.fastForward(life, 6 * DAY);
  await eventually('two reminders', () => mailsTo(lives, invite.email).length === 3);
  await writeHistory('portal-invite.reminded', handleOf(life));
});

test('an invite that expires, and what was sent through it is removed', async () => {
  const life = inviteLifeOf(await buildInvited(lives, await reminding()));
  await lives.temporal.fastForward(life, 25 * DAY);
  await handleOf(life).result();
  await writeHistory('portal-invite.expired', handleOf(life));
});

test('an invite through which something is handed in', async () => {
  const portal = await reminding();
  const invite = await buildInvited(lives, portal);
  const life = inviteLifeOf(invite);
  await lives.temporal.fastForward(life, 3 * DAY);
  await buildSubmission(lives.api, portal, invite);
  await handleOf(life).result();
  await writeHistory('portal-invite.submitted', handleOf(life));
});

test('an invite whose portal is closed', async () => {
  const portal = await reminding();
  const life = inviteLifeOf(await buildInvited(lives, portal));
  await lives.api.post(`/portals/${portal.id}/close`, portal.owner);
  await handleOf(life).result();
  await writeHistory('portal-invite.closed', handleOf(life));
});

test('a portal that sleeps until it expires', async () => {
  const life = portalLifeOf(await buildPortal(lives.api, { durationDays: 30 }));
  await waitsFor(life, 'expiry');
  await writeHistory('portal.sleeping', handleOf(life));
});

test('a portal that tells of submissions, expires and is closed', async () => {
  const portal = await buildPortal(lives.api, { slug: unique('s'), durationDays: 30 });
  const life = portalLifeOf(portal);
  const told = () => mailsTo(lives, portal.owner.email).length;
  for (const mails of [1, 2]) {
    const invite = await buildInvite(lives.api, portal, { delivery: 'none', communityMember: {} });
    await buildSubmission(lives.api, portal, invite);
    await eventually('the mail', () => told() === mails);
    await lives.api.post(`/portals/${portal.id}/seen`, portal.owner);
    await planned(lives, life);
  }
  await lives.temporal.fastForward(life, 31 * DAY);
  await lives.api.post(`/portals/${portal.id}/close`, portal.owner);
  await handleOf(life).result();
  await writeHistory('portal.closed', handleOf(life));
});
