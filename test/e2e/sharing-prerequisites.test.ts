/** Whom a case cannot be shared by and with, over HTTP: permissions, features, partners, directions, people. */
import { FEATURES, type Feature } from '../../domain/identity/organization.entity.ts';
import type { Permission } from '../../domain/identity/permissions.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { newId } from '../../domain/ids.ts';
import type { TestApi } from '../support/api.ts';
import { buildPartner, buildUser, buildUserWithout } from '../support/factories.ts';
import {
  codeOf,
  type Method,
  pointers,
  type RefusalWorld,
  startRefusalWorld,
} from '../support/refusal-world.ts';
import { done } from '../support/sharing-world.ts';

let world: RefusalWorld;
let api: TestApi;
let sender: User;
let share: RefusalWorld['share'];
beforeAll(async () => {
  world = await startRefusalWorld();
  ({ api, sender, share } = world);
});
afterAll(() => world.stop());

test.each(['partner_access', 'copy', 'download_link'] as const)(
  'nothing is wrong with %s as it is asked for here',
  async (method) => expect((await share(method)).status).toBe(201),
);

const PERMISSIONS: Readonly<Record<Method, readonly Permission[]>> = {
  partner_access: [
    'case.share',
    'case.shareExternally',
    'evidence.share',
    'evidence.shareExternally',
  ],
  copy: ['case.share', 'case.shareExternally', 'evidence.share', 'evidence.shareExternally'],
  download_link: [
    'case.share',
    'case.shareDownloadLinks',
    'evidence.share',
    'evidence.shareDownloadLinks',
  ],
};

const NEEDED = Object.entries(PERMISSIONS).flatMap(([method, permissions]) =>
  permissions.map((permission) => [method as Method, permission] as const),
);

test.each(NEEDED)('%s without %s', async (method, permission) => {
  const limited = await buildUserWithout(api, world.source.organization, permission);
  expect(await share(method, {}, limited)).toMatchObject({
    status: 403,
    body: { code: 'permission-missing', missing: [permission] },
  });
});

test.each([
  ['partner_access', 'caseShare', 'source'],
  ['partner_access', 'caseShare', 'partner'],
  ['partner_access', 'caseShareByReference', 'source'],
  ['partner_access', 'caseShareByReference', 'partner'],
  ['copy', 'caseShare', 'source'],
  ['copy', 'caseShare', 'partner'],
  ['download_link', 'caseShare', 'source'],
] as const)('%s without the feature %s at the %s', async (method, feature, side) => {
  const features: Feature[] = FEATURES.filter((one) => one !== feature);
  const lacking = await world.elsewhere({ features });
  await buildPartner(api, lacking.organization, world.partner.organization);
  await buildPartner(api, world.source.organization, lacking.organization);
  const answer =
    side === 'source'
      ? await share(method, {}, lacking.owner, lacking.caseId)
      : await share(method, { partnerOrganizationId: lacking.organization.id });
  expect(codeOf(answer)).toEqual([403, 'feature-missing']);
  const lacks = [{ organization: lacking.organization.slug, missing: [feature] }];
  expect(answer.body.lacking ?? [{ ...lacks[0], missing: answer.body.missing }]).toEqual(lacks);
});

describe.each(['partner_access', 'copy'] as const)('%s', (method) => {
  test.each([
    ['maySendTo', 'source'],
    ['mayReceiveFrom', 'partner'],
  ] as const)('against the direction %s of the %s', async (direction, side) => {
    const as = side === 'source' ? sender : world.partner.administrator;
    const path = `/partners/${world.partnershipId}`;
    await done(api.patch(path, as, { [direction]: false }));
    expect(await share(method)).toMatchObject({
      status: 403,
      body: {
        code: 'partner-direction-missing',
        lacking: [{ organization: world[side].organization.slug, missing: direction }],
      },
    });
    expect(codeOf(await api.get(`${path}/recipients`, sender))).toEqual([
      403,
      'partner-direction-missing',
    ]);
    await done(api.patch(path, as, { [direction]: true }));
    expect((await share(method)).status).toBe(201);
  });

  test.each(['stranger', 'invited', 'ended'] as const)('to one that is %s', async (state) => {
    const other = await world.elsewhere();
    if (state !== 'stranger') {
      const accepted = state === 'ended';
      const { id } = await buildPartner(api, world.source.organization, other.organization, {
        accepted,
      });
      if (state === 'ended')
        expect((await api.delete(`/partners/${id}`, other.owner)).status).toBe(204);
    }
    const recipients = [{ type: 'user', id: other.owner.id }];
    const answer = await share(method, {
      partnerOrganizationId: other.organization.id,
      recipients,
    });
    expect(pointers(answer)).toEqual(['/partnerOrganizationId']);
  });

  test('to whoever is no user or group of the partner, or is disabled', async () => {
    const disabled = await buildUser(api, { organization: world.partner.organization });
    await api.delete(`/users/${disabled.id}`, world.partner.administrator);
    const recipients = [
      { type: 'user', id: sender.id },
      { type: 'user', id: disabled.id },
      { type: 'user', email: 'nobody@example.test' },
      { type: 'group', id: newId() },
    ];
    expect(pointers(await share(method, { recipients }))).toEqual(
      recipients.map((_, index) => `/recipients/${index}`),
    );
    expect(pointers(await share(method, { recipients: [] }))).toEqual(['/recipients']);
  });
});

test.each(['to', 'from'] as const)(
  'partner access %s a justice organization, which is told of copies',
  async (way) => {
    const court = await world.elsewhere({ kind: 'justice' });
    await buildPartner(api, world.source.organization, court.organization);
    const recipients = 'entire_organization';
    const fields = { recipients, access: 'view_and_download' };
    const [as, of, to] =
      way === 'to'
        ? [sender, world.caseId, court.organization.id]
        : [court.owner, court.caseId, world.source.organization.id];
    const answer = await share('partner_access', { ...fields, partnerOrganizationId: to }, as, of);
    expect(codeOf(answer)).toEqual([409, 'partner-access-not-for-justice']);
    expect(answer.body.detail).toContain('copy');
  },
);
