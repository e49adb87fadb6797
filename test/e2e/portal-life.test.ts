/** The life of a portal: who is told of what, with everything real. */
import { eventsOf } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { buildCategory, buildOrganization, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { endLife, mailsTo, planned, portalLifeOf } from '../support/portal-lives.ts';
import {
  BY_HAND,
  buildInvite,
  buildPortal,
  buildSubmission,
  setIndividual,
  type TestPortal,
} from '../support/portals.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

const told = (portal: TestPortal) => mailsTo(lives, portal.owner.email);

async function submit(portal: TestPortal, files = 1) {
  const invite = await buildInvite(lives.api, portal, BY_HAND);
  const submission = await buildSubmission(lives.api, portal, invite, { files });
  await planned(lives, portalLifeOf(portal));
  return submission;
}

async function notices(portal: TestPortal): Promise<string[]> {
  const rows = await lives.api.database.em.fork().execute<{ state: string }[]>(
    `select state from notifications where subject_id = ? and kind = 'submission-received'
       order by sequence`,
    [portal.id],
  );
  return rows.map(({ state }) => state);
}

test('the owner is told of a submission: what it is about, and what waits, in its language', async () => {
  const organization = await buildOrganization(lives.api);
  const owner = await buildUser(lives.api, { organization, language: 'es', name: 'Olga' });
  const category = await buildCategory(lives.api, organization, { name: 'Tráfico' });
  const portal = await buildPortal(lives.api, {
    owner,
    ...{ reportId: 'R-17', title: 'Mill Road', categoryIds: [category.id] },
  });
  await submit(portal, 3);
  await eventually('the mail', () => told(portal).length === 1);
  const mail = lives.mail.mails.find(({ to }) => to?.[0]?.address === owner.email);
  expect(mail?.subject).toBe('Nueva entrega: R-17');
  for (const words of ['Hola, Olga', 'Mill Road', 'Tráfico', 'aceptados o rechazados: 3']) {
    expect(mail?.text).toContain(words);
  }
  await endLife(lives, portalLifeOf(portal));
});

test('what the settings hide is not in the mail', async () => {
  const owner = await buildUser(lives.api);
  const category = await buildCategory(
    lives.api,
    { id: owner.organizationId },
    { name: 'Traffic' },
  );
  const portal = await buildPortal(lives.api, {
    owner,
    ...{ reportId: 'R-17', title: 'Mill Road', categoryIds: [category.id] },
  });
  await setIndividual(lives.api, owner, { incidentInfo: { id: 'hidden', categories: 'hidden' } });
  await submit(portal);
  await eventually('the mail', () => told(portal).length === 1);
  const mail = lives.mail.mails.find(({ to }) => to?.[0]?.address === owner.email);
  expect(mail?.subject).toBe('New submission: Mill Road');
  expect(mail?.text).not.toContain('R-17');
  expect(mail?.text).not.toContain('Traffic');
  await endLife(lives, portalLifeOf(portal));
});

test('the owner of a public portal is told once, until somebody has seen it', async () => {
  const portal = await buildPortal(lives.api, { kind: 'public' });
  await submit(portal);
  await eventually('the mail', () => told(portal).length === 1);
  await submit(portal);
  await submit(portal);
  await eventually('its record', async () => (await notices(portal)).join() === 'sent');
  await lives.api.post(`/portals/${portal.id}/seen`, portal.owner);
  await planned(lives, portalLifeOf(portal));
  expect(await notices(portal)).toEqual(['sent']);
  await submit(portal);
  await eventually('the next mail', () => told(portal).length === 2);
  expect(
    (await eventsOf(lives.api, portal.id)).filter((action) => action === 'portal.seen'),
  ).toEqual(['portal.seen']);
  const { body } = await lives.api.get(`/portals/${portal.id}`, portal.owner);
  expect(body.seenAt).not.toBeNull();
  await endLife(lives, portalLifeOf(portal));
});

test('a mail that waits for the server tells of what came since, and of what was seen not at all', async () => {
  const owner = await buildUser(lives.api);
  const page = await buildPortal(lives.api, { owner, kind: 'public' });
  lives.mail.refuse = { code: 451, message: 'greylisted' };
  await submit(page);
  await eventually('an attempt that was refused', async () => {
    const [notice] = await lives.api.database.em
      .fork()
      .execute<{ failure: string | null }[]>(
        `select failure from notifications where subject_id = ? and state = 'pending'`,
        [page.id],
      );
    return notice?.failure;
  });
  await lives.api.post(`/portals/${page.id}/seen`, owner);
  lives.mail.refuse = undefined;
  await planned(lives, portalLifeOf(page));
  await lives.temporal.fastForward(portalLifeOf(page), 5 * 60 * MINUTE);
  await eventually('its end', async () => (await notices(page))[0] === 'cancelled');
  expect(told(page)).toEqual([]);
  await endLife(lives, portalLifeOf(page));
});

test('expiry is on record, moves with the portal, and closing ends the life', async () => {
  const portal = await buildPortal(lives.api, { durationDays: 30 });
  const life = portalLifeOf(portal);
  const expiries = async () =>
    (await eventsOf(lives.api, portal.id)).filter((action) => action === 'portal.expired').length;
  await planned(lives, life);
  await lives.temporal.fastForward(life, 29 * DAY);
  expect(await expiries()).toBe(0);
  await lives.temporal.fastForward(life, 2 * DAY);
  await eventually('expiry', async () => (await expiries()) === 1);
  await lives.api.patch(`/portals/${portal.id}`, portal.owner, { durationDays: 60 });
  await planned(lives, life);
  await lives.temporal.fastForward(life, 30 * DAY);
  await eventually('the second expiry', async () => (await expiries()) === 2);
  await lives.api.post(`/portals/${portal.id}/close`, portal.owner);
  await lives.temporal.client.workflow.getHandle(life).result();
  expect((await eventsOf(lives.api, portal.id)).at(-1)).toBe('portal.closed');
});
