/** The settings of what is filled in of an incident, each of them at every way in and out. */
import { PORTAL_KINDS } from '../domain/portals/portal.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { callAs } from '../test/support/api-clients.ts';
import {
  INCIDENT_WAYS_IN,
  INCIDENT_WAYS_OUT,
  type IncidentKey,
  retold,
  setIncident,
} from '../test/support/incident-places.ts';
import {
  buildSettingsWorld,
  CATEGORY,
  INCIDENT,
  type SettingsWorld,
  setIntegration,
} from '../test/support/settings-world.ts';

let api: TestApi;
let world: SettingsWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildSettingsWorld(api);
});
afterAll(() => api.stop());

const KEYS = ['id', 'categories', 'description'] as const;
const VALUES: Readonly<Record<IncidentKey, string>> = { ...INCIDENT, categories: CATEGORY };

const TABLE = KEYS.flatMap((field) =>
  (['required', 'optional', 'hidden'] as const).map((setting) => ({ field, setting })),
);

describe.each(TABLE)('$field, $setting', ({ field, setting }) => {
  test.each(INCIDENT_WAYS_IN)('at $name', async ({ kind, knows, offer }) => {
    await setIncident(world, { [field]: setting });
    const applies = kind !== 'public' && knows.includes(field);
    const others = knows.filter((key) => key !== field);
    const isRefused = applies && setting === 'hidden';
    expect(await offer(world, knows)).toEqual(isRefused ? [field] : 'taken');
    const isMissed = applies && setting === 'required';
    expect(await offer(world, others)).toEqual(isMissed ? [field] : 'taken');
  });

  test.each(INCIDENT_WAYS_OUT.flatMap((out) => PORTAL_KINDS.map((kind) => ({ ...out, kind }))))(
    '$name, $kind',
    async ({ kind, shows, say }) => {
      await setIncident(world, { [field]: setting });
      const said = await say(world, kind);
      const hides = setting === 'hidden' && kind !== 'public';
      // A search for a hidden ID finds nothing at all.
      const finds = said.includes(world.kinds[kind].portalId) || !said.includes('"total":0');
      for (const key of shows) {
        const isShown = finds && !(hides && key === field);
        expect([key, said.includes(VALUES[key])]).toEqual([key, isShown]);
      }
    },
  );
});

test('what external systems are told of their portals hides the same', async () => {
  for (const { field, setting } of TABLE) {
    await setIncident(world, { [field]: setting });
    const path = `/${world.kinds.incident_report.portalId}`;
    const { body } = await callAs(api, world.token, 'patch', path, {
      title: `${field} ${setting}`,
    });
    const said = JSON.stringify(body);
    const shown = KEYS.filter((key) => said.includes(VALUES[key]));
    expect(shown).toEqual(KEYS.filter((key) => key !== field || setting !== 'hidden'));
  }
});

test('the request owner is told of a new portal without what is hidden', async () => {
  for (const { field, setting } of TABLE) {
    await setIncident(world, { [field]: setting });
    const mail = await retold(api, world.kinds.incident_report.portalId, 'portal-created');
    const shown = (['id', 'categories'] as const).filter((key) => mail.includes(VALUES[key]));
    const expected = (['id', 'categories'] as const).filter(
      (key) => key !== field || setting !== 'hidden',
    );
    expect([field, setting, shown]).toEqual([field, setting, expected]);
  }
});

test('a required category may be the integration’s default', async () => {
  await setIncident(world, { categories: 'required' });
  const refused = await callAs(api, world.token, 'post', '', {});
  expect(refused.body.errors).toMatchObject([{ pointer: '/categories' }]);
  await setIntegration(api, world.administrator, { defaultCategoryId: world.categoryId });
  expect((await callAs(api, world.token, 'post', '', {})).status).toBe(201);
});
