/** Finding again, over HTTP, what was shared: every filter on cases and on a case's evidence, and the exports. */

import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { SHARED_ON } from '../../domain/sharing/shared-on.ts';
import { liesIn, localDay } from '../support/calendar.ts';
import { buildOrganization, buildPartner } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import {
  becomePartners,
  buildSides,
  deliverCopy,
  done,
  giveAccess,
  SHARED_CASE,
  type SharingSides,
  uploadVerified,
} from '../support/sharing-world.ts';

/** That of organizations that tests build. */
const ZONE = 'America/Chicago';
const DAY = 86_400_000;

let lives: TestLives;
let sides: SharingSides;
let city: Organization;
/** The source's: one whose `copied` evidence was copied, one to which access was given and revoked, one that nobody has. */
let cases: { readonly shared: string; readonly revoked: string; readonly kept: string };
let evidence: { readonly copied: string; readonly kept: string; readonly revoked: string };
/** The partner's. */
let target: { readonly case: string; readonly evidence: string };
beforeAll(async () => {
  lives = await startLives();
  const { api } = lives;
  sides = await buildSides(api);
  await becomePartners(sides);
  const { sender, organization } = sides.source;
  city = await buildOrganization(api, { name: 'A City' });
  await buildPartner(api, organization, city);
  const newCase = async (caseNumber: string): Promise<string> =>
    (await done(api.post('/cases', sender, { ...SHARED_CASE, caseNumber }))).id;
  cases = {
    shared: await newCase('S-1'),
    revoked: await newCase('S-2'),
    kept: await newCase('S-3'),
  };
  const upload = (caseId: string, name: string) =>
    uploadVerified(sides, sender, { caseId, content: Buffer.from(name), fileName: `${name}.mp4` });
  evidence = {
    copied: await upload(cases.shared, 'copied'),
    kept: await upload(cases.shared, 'kept'),
    revoked: await upload(cases.revoked, 'revoked'),
  };
  const scope = { type: 'selected', evidenceIds: [evidence.copied] };
  await deliverCopy(sides, cases.shared, { scope });
  const access = await giveAccess(sides, cases.revoked, {
    partnerOrganizationId: city.id,
    recipients: 'entire_organization',
  });
  await done(api.post(`/shares/${access}/revoke`, sender));
  const [received] = (await done(api.get('/cases', sides.partner.user))).data;
  const [copy] = (await done(api.get(`/cases/${received.id}/evidence`, sides.partner.user))).data;
  target = { case: received.id, evidence: copy.id };
});
afterAll(() => lives.stop());

const partnerId = () => sides.partner.organization.id;
const sourceId = () => sides.source.organization.id;

/** The ids that a list has, in the order in which they were made. */
async function found(path: string, as: User = sides.source.sender): Promise<string[]> {
  const { data, page } = await done(lives.api.get(path, as));
  const ids: string[] = data.map(({ id }: { id: string }) => id);
  expect(page.total).toBe(ids.length);
  return ids.toSorted();
}

/** Everything that was shared was shared then. */
async function sharedAt(at: Date): Promise<void> {
  const em = lives.api.database.em.fork();
  await em.execute('update shared_evidence set shared_at = ?', [at]);
  await em.execute('update shared_cases set shared_at = ?', [at]);
}

const onEvidence = (query: string) => `/cases/${cases.shared}/evidence?${query}`;

describe('on cases', () => {
  test('sharedTo: what a partner has or had, by whichever method', async () => {
    expect(await found(`/cases?sharedTo=${partnerId()}`)).toEqual([cases.shared]);
    expect(await found(`/cases?sharedTo=${city.id}`)).toEqual([cases.revoked]);
  });

  test('sharedFrom: what was received', async () => {
    expect(await found(`/cases?sharedFrom=${sourceId()}`, sides.partner.user)).toEqual([
      target.case,
    ]);
    expect(await found(`/cases?sharedFrom=${partnerId()}`)).toEqual([]);
  });

  test('notSharedTo: what a partner never had', async () => {
    const notShared = await found(`/cases?notSharedTo=${partnerId()}`);
    expect(notShared).toEqual([cases.revoked, cases.kept].toSorted());
  });

  test('several hold for the same fact', async () => {
    const period = 'sharedOn=this_year';
    expect(await found(`/cases?sharedTo=${partnerId()}&${period}`)).toEqual([cases.shared]);
    const both = `sharedTo=${partnerId()}&notSharedTo=${city.id}`;
    expect(await found(`/cases?${both}`)).toEqual([cases.shared]);
    expect(await found(`/cases?sharedTo=${city.id}&notSharedTo=${city.id}`)).toEqual([]);
  });
});

describe('on the evidence of a case', () => {
  test('sharedTo and notSharedTo: what a partner has of it, and the rest', async () => {
    expect(await found(onEvidence(`sharedTo=${partnerId()}`))).toEqual([evidence.copied]);
    expect(await found(onEvidence(`notSharedTo=${partnerId()}`))).toEqual([evidence.kept]);
    expect(await found(onEvidence(`sharedTo=${city.id}`))).toEqual([]);
    const revoked = `/cases/${cases.revoked}/evidence?sharedTo=${city.id}`;
    expect(await found(revoked)).toEqual([evidence.revoked]);
  });

  test('sharedFrom: what was received', async () => {
    const path = `/cases/${target.case}/evidence?sharedFrom=${sourceId()}`;
    expect(await found(path, sides.partner.user)).toEqual([target.evidence]);
  });
});

describe('sharedOn', () => {
  test.each([0, 1, 6, 20, 45, 200, 400, 800])(
    'what was shared %d days ago lies in the periods that it lies in',
    async (days) => {
      // Asked again where midnight came in between.
      for (;;) {
        const now = new Date();
        const at = new Date(now.getTime() - days * DAY);
        await sharedAt(at);
        const expected = SHARED_ON.filter((period) => liesIn(period, ZONE, at, now));
        const onCases: string[] = [];
        const onItsEvidence: string[] = [];
        for (const period of SHARED_ON) {
          const query = `sharedTo=${partnerId()}&sharedOn=${period}`;
          if ((await found(`/cases?sharedOn=${period}`)).length === 2) onCases.push(period);
          if ((await found(onEvidence(query))).length === 1) onItsEvidence.push(period);
        }
        if (localDay(ZONE, now) !== localDay(ZONE, new Date())) continue;
        expect([onCases, onItsEvidence]).toEqual([expected, expected]);
        return;
      }
    },
  );

  test.each([
    ['sharedOnFrom=2026-01-05&sharedOnTo=2026-01-05', true],
    ['sharedOnFrom=2026-01-05', true],
    ['sharedOnTo=2026-01-05', true],
    ['sharedOnFrom=2026-01-06', false],
    ['sharedOnTo=2026-01-04', false],
    ['sharedOnFrom=2025-12-01&sharedOnTo=2026-01-04', false],
  ])('from and to are days of the organization’s time zone: %s', async (days, isIn) => {
    // The sixth of January in UTC, still the fifth where the organization is.
    await sharedAt(new Date('2026-01-06T05:59:59.999Z'));
    expect(await found(`/cases?sharedTo=${partnerId()}&${days}`)).toEqual(
      isIn ? [cases.shared] : [],
    );
    const onIts = await found(onEvidence(`sharedTo=${partnerId()}&${days}`));
    expect(onIts).toEqual(isIn ? [evidence.copied] : []);
  });
});

describe('exports have the four facts as columns', () => {
  /** The sharing columns of each row, by its first column. */
  async function exported(path: string, as: User): Promise<Record<string, string[]>> {
    const csv: string = (await lives.api.get(path, as)).body;
    const [header = '', ...lines] = csv.replace('\uFEFF', '').trimEnd().split('\r\n');
    const names = header.split(',');
    const at = ['Shared To', 'Shared From', 'Shared On', 'Not Shared To'].map((name) =>
      names.indexOf(name),
    );
    // No cell of this test has a comma, but the title of the case, in quotes.
    const rows = lines.map((line) => line.replaceAll(/"[^"]*"/g, 'quoted').split(','));
    return Object.fromEntries(rows.map((row) => [row[0], at.map((column) => row[column] ?? '')]));
  }

  test('of cases, on both sides', async () => {
    const at = '2026-01-05T12:00:00.000Z';
    await sharedAt(new Date(at));
    const { source, partner } = sides;
    expect(await exported('/cases/export.csv', source.sender)).toEqual({
      'S-1': ['Westbrook Police', '', at, 'A City'],
      'S-2': ['A City', '', at, 'Westbrook Police'],
      'S-3': ['', '', '', 'A City; Westbrook Police'],
    });
    expect(await exported('/cases/export.csv', partner.user)).toEqual({
      'S-1': ['', 'Northfield Police', at, 'Northfield Police'],
    });
    const filtered = `/cases/export.csv?sharedTo=${city.id}`;
    expect(Object.keys(await exported(filtered, source.sender))).toEqual(['S-2']);
  });

  test('of evidence', async () => {
    const at = '2026-01-05T12:00:00.000Z';
    await sharedAt(new Date(at));
    const rows = await exported(`/cases/${cases.shared}/evidence/export.csv`, sides.source.sender);
    expect(Object.values(rows)).toEqual([
      ['Westbrook Police', '', at, 'A City'],
      ['', '', '', 'A City; Westbrook Police'],
    ]);
  });
});
