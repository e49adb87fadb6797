/** The settings that are switched on and off, at each kind of portal. */
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { PORTAL_KINDS, type PortalKind } from '../domain/portals/portal.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { addVerifiedFile, blankInvite } from '../test/support/contact-places.ts';
import { eventsOf } from '../test/support/events.ts';
import { retold } from '../test/support/incident-places.ts';
import { buildInviteGuest, setIndividual, setPublic } from '../test/support/portals.ts';
import {
  buildSettingsWorld,
  messagesAbout,
  type SettingsWorld,
  setIntegration,
  takeTurn,
} from '../test/support/settings-world.ts';

let api: TestApi;
let world: SettingsWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildSettingsWorld(api);
});
afterAll(() => api.stop());

const DAY = 24 * 3_600_000;
const SWITCHES = PORTAL_KINDS.flatMap((kind) => [true, false].map((on) => ({ kind, on })));

/** Switches it for one kind of portal, and the other way for the other kinds. */
async function autoAccept(kind: PortalKind, on: boolean): Promise<void> {
  const { administrator } = world;
  const of = (other: PortalKind) => (other === kind ? on : !on);
  await setIndividual(api, administrator, { autoAccept: of('individual') });
  await setPublic(api, administrator, { autoAccept: of('public') });
  await setIntegration(api, administrator, { autoAccept: of('incident_report') });
}

test.each(SWITCHES)('auto-accept, $kind: $on', async ({ kind, on }) => {
  await autoAccept(kind, on);
  const invite = await blankInvite(world, kind);
  const evidenceId = await addVerifiedFile(world, invite);
  const guest = await buildInviteGuest(api, invite);
  expect((await guest.post('/submission')).status).toBe(201);
  const { body } = await api.get(`/evidence/${evidenceId}`, world.administrator);
  expect(body.state).toBe(on ? 'active' : 'triage_pending');
  const waiting = await api.get('/submissions?state=triage_pending', world.administrator);
  const found = waiting.body.data.find(
    ({ inviteId }: { inviteId: string }) => inviteId === invite.id,
  );
  expect(found === undefined).toBe(on);
  const [submission] = (await api.get('/submissions', world.administrator)).body.data;
  expect(submission).toMatchObject({
    inviteId: invite.id,
    autoAccepted: on,
    files: [{ decision: on ? 'accepted' : null, decidedBy: null }],
  });
});

test.each(SWITCHES)('reminders, $kind: $on', async ({ kind, on }) => {
  const { open } = world.kinds[kind];
  const life = workflowIdOf('portal-invite', open.id);
  await api.post(`/invites/${open.id}/resend`, world.administrator);
  const now = Date.now();
  await takeTurn(api, life, new Date(now));
  const before = (await messagesAbout(api, life)).length;
  await setIndividual(api, world.administrator, { reminders: on });
  await takeTurn(api, life, new Date(now + 2 * DAY + 1));
  const sent = (await messagesAbout(api, life)).length - before;
  expect(sent).toBe(on && kind !== 'public' ? 1 : 0);
});

test.each([true, false])('the request owner is told of new portals: %s', async (on) => {
  await setIntegration(api, world.administrator, { notifyRequestOwnerOnPortal: on });
  for (const kind of PORTAL_KINDS) {
    const mail = retold(api, world.kinds[kind].portalId, 'portal-created');
    if (on && kind === 'incident_report') expect(await mail).toContain(world.administrator.email);
    else await expect(mail).rejects.toThrow('no portal-created');
  }
});

test.each([true, false])('the evidence owner is told of incident reports: %s', async (on) => {
  await setIntegration(api, world.administrator, { notifyEvidenceOwnerOnSubmission: on });
  for (const kind of PORTAL_KINDS) {
    const mail = retold(api, world.kinds[kind].portalId, 'submission-received');
    if (on || kind !== 'incident_report') expect(await mail).toContain(world.administrator.email);
    else await expect(mail).rejects.toThrow('no submission-received');
  }
});

test('every change of a setting is on record, with its old and its new value', async () => {
  const { administrator, organization } = world;
  await setIndividual(api, administrator, { autoAccept: true });
  await setIndividual(api, administrator, { autoAccept: false, reminders: true });
  const [row] = await api.database.em.fork().execute<{ content: string }[]>(
    `select content from audit_events where action = 'settings.changed' and organization_id = ?
       order by sequence desc limit 1`,
    [organization.id],
  );
  expect(JSON.parse(row?.content ?? '{}').data).toMatchObject({
    settings: 'individual-invites',
    old: { autoAccept: true, reminders: false },
    new: { autoAccept: false, reminders: true },
  });
  expect(await eventsOf(api, organization.id)).toContain('settings.changed');
});
