import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { newId } from '../../../domain/ids.ts';
import { recordShared } from '../../../domain/sharing/shared-facts.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildPartner,
  buildUser,
} from '../../../test/support/factories.ts';
import { buildShareRow } from '../../../test/support/shared-cases.ts';
import { uploadFile, verifyNow } from '../../../test/support/uploads.ts';

const AT = new Date('2026-01-05T23:30:00.000Z');

let api: TestApi;
let police: Organization;
let justice: Organization;
let officer: User;
let prosecutor: User;
let shared: Case;
let other: Case;
let given: Evidence;
let kept: Evidence;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  police = await buildOrganization(api, { timeZone: 'America/Chicago' });
  justice = await buildOrganization(api, { name: 'County Prosecutor', kind: 'justice' });
  await buildPartner(api, police, justice);
  officer = await buildUser(api, { organization: police });
  prosecutor = await buildUser(api, { organization: justice });
  shared = await buildCase(api, { owner: officer, title: 'Burglary' });
  other = await buildCase(api, { owner: officer, title: 'Burglary' });
  given = await buildEvidence(api, { owner: officer, inCase: shared });
  kept = await buildEvidence(api, { owner: officer, inCase: shared });
});
afterAll(() => api.stop());

async function share(at = AT, to: Organization = justice): Promise<void> {
  const shareId = await buildShareRow(api, { of: shared, by: officer, to });
  const em = api.database.em.fork();
  await recordShared(em, { shareId, at, evidence: [{ id: given.id }] });
}

/** The other side's case, copied to a case of ours with one piece of evidence. */
async function receive(): Promise<{ target: Case; copy: Evidence }> {
  const theirs = await buildCase(api, { owner: prosecutor });
  const target = await buildCase(api, { owner: officer, title: 'Burglary' });
  const copy = await buildEvidence(api, { owner: officer, inCase: target });
  const source = await buildEvidence(api, { owner: prosecutor, inCase: theirs });
  await recordShared(api.database.em.fork(), {
    shareId: await buildShareRow(api, { of: theirs, by: prosecutor, to: police }),
    at: AT,
    evidence: [{ id: source.id, copy: copy.id }],
    targetCaseId: target.id,
  });
  return { target, copy };
}

async function found(path: string, as: User = officer): Promise<string[]> {
  const { status, body } = await api.get(path, as);
  expect([status, body.page?.total]).toEqual([200, body.data?.length]);
  return body.data.map(({ id }: { id: string }) => id);
}

/** Rows of a CSV file by their headers; no cell of these tests has a quote or a line break. */
function rows(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.replace('\uFEFF', '').trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

describe('a search for what was shared', () => {
  it('finds cases and evidence that a partner has, and those that it has not', async () => {
    await share();
    expect(await found(`/cases?sharedTo=${justice.id}`)).toEqual([shared.id]);
    expect(await found(`/cases?notSharedTo=${justice.id}`)).toEqual([other.id]);
    const evidence = `/cases/${shared.id}/evidence`;
    expect(await found(`${evidence}?sharedTo=${justice.id}`)).toEqual([given.id]);
    expect(await found(`${evidence}?notSharedTo=${justice.id}`)).toEqual([kept.id]);
  });

  it('finds what was received as a copy', async () => {
    const { target, copy } = await receive();
    expect(await found(`/cases?sharedFrom=${justice.id}`)).toEqual([target.id]);
    expect(await found(`/cases/${target.id}/evidence?sharedFrom=${justice.id}`)).toEqual([copy.id]);
  });

  it('takes days for those of the organization’s time zone', async () => {
    await share(new Date('2026-01-06T05:59:59.999Z'));
    const on = (day: string) => found(`/cases?sharedOnFrom=${day}&sharedOnTo=${day}`);
    expect(await on('2026-01-05')).toEqual([shared.id]);
    expect(await on('2026-01-06')).toEqual([]);
    expect(await found('/cases?sharedOnTo=2026-01-05')).toEqual([shared.id]);
    expect(await found('/cases?sharedOnFrom=2026-01-06')).toEqual([]);
  });

  it('sees a period from today', async () => {
    await share(new Date());
    expect(await found('/cases?sharedOn=this_year')).toEqual([shared.id]);
    expect(await found('/cases?sharedOn=last_year')).toEqual([]);
  });

  it('finds partner access that was revoked, by what its selection gave', async () => {
    const city = await buildOrganization(api);
    await buildPartner(api, police, city);
    const mayor = await buildUser(api, { organization: city });
    const made = await api.post(`/cases/${shared.id}/shares`, officer, {
      method: 'partner_access',
      partnerOrganizationId: city.id,
      recipients: [{ type: 'user', id: mayor.id }],
      scope: { type: 'selected', evidenceIds: [given.id] },
      access: 'view',
    });
    expect(made.status).toBe(201);
    expect((await api.post(`/shares/${made.body.id}/revoke`, officer, {})).status).toBe(200);
    const today = `sharedTo=${city.id}&sharedOn=this_year`;
    expect(await found(`/cases?${today}`)).toEqual([shared.id]);
    expect(await found(`/cases/${shared.id}/evidence?${today}`)).toEqual([given.id]);
  });

  it('answers for organizations that nobody has, and for strangers, as for those without a share', async () => {
    await share();
    const stranger = await buildOrganization(api);
    for (const id of [newId(), stranger.id]) {
      expect(await found(`/cases?sharedTo=${id}`)).toEqual([]);
      expect(await found(`/cases?sharedFrom=${id}`)).toEqual([]);
      expect(await found(`/cases?notSharedTo=${id}`)).toEqual([other.id, shared.id]);
    }
  });

  it('tells neither side of the other’s cases', async () => {
    await share();
    const { target } = await receive();
    expect(await found(`/cases?sharedFrom=${police.id}`, prosecutor)).toEqual([]);
    expect(await found(`/cases?sharedTo=${police.id}`, prosecutor)).not.toContain(target.id);
    expect(await found(`/cases?sharedTo=${justice.id}`, await buildUser(api))).toEqual([]);
  });

  it('finds evidence that was added to a case of which a partner has all, once it is verified', async () => {
    const partnership = await buildPartner(api, police, await buildOrganization(api));
    await buildShareRow(api, {
      ...{ of: shared, by: officer, to: { id: partnership.inviteeId }, access: partnership },
      ...{ scope: 'entire_case', live: true },
    });
    const upload = await uploadFile(api, officer, {
      content: Buffer.from('a file'),
      caseId: shared.id,
    });
    const path = `/cases/${shared.id}/evidence?sharedTo=${partnership.inviteeId}`;
    expect(await found(path)).toEqual([]);
    await verifyNow(api, shared.id);
    expect(await found(path)).toEqual([upload.evidenceId]);
  });
});

test('a case counts the organizations that it was ever shared with, each once', async () => {
  const city = await buildOrganization(api);
  await share();
  await share();
  await share(AT, city);
  const { target } = await receive();
  const read = async (id: string) =>
    (await api.get(`/cases/${id}`, officer)).body.sharedWithOrganizations;
  expect([await read(shared.id), await read(other.id), await read(target.id)]).toEqual([2, 0, 0]);
});

describe('exports', () => {
  it('say with whom a case was shared, when first, and with which partner it was not', async () => {
    const city = await buildOrganization(api, { name: 'A City' });
    await buildPartner(api, police, city);
    await share(new Date('2026-02-01T00:00:00.000Z'));
    await share();
    const { target } = await receive();
    const csv = rows((await api.get('/cases/export.csv', officer)).body);
    const row = (number: string) => csv.find((cells) => cells['Case Number'] === number);
    expect(row(shared.caseNumber)).toMatchObject({
      'Shared To': 'County Prosecutor',
      'Shared From': '',
      'Shared On': AT.toISOString(),
      'Not Shared To': 'A City',
    });
    expect(row(target.caseNumber)).toMatchObject({
      'Shared To': '',
      'Shared From': 'County Prosecutor',
      'Shared On': AT.toISOString(),
      'Not Shared To': 'A City; County Prosecutor',
    });
    expect(row(other.caseNumber)).toMatchObject({ 'Shared To': '', 'Shared On': '' });
  });

  it('say the same of evidence, each partner with its instant', async () => {
    const city = await buildOrganization(api, { name: 'A City' });
    await share();
    await share(new Date('2026-02-01T00:00:00.000Z'), city);
    const path = `/cases/${shared.id}/evidence/export.csv`;
    expect(rows((await api.get(path, officer)).body)).toMatchObject([
      {
        'Evidence Number': given.evidenceNumber,
        'Shared To': 'A City; County Prosecutor',
        'Shared On': `2026-02-01T00:00:00.000Z; ${AT.toISOString()}`,
        'Not Shared To': '',
      },
      {
        'Evidence Number': kept.evidenceNumber,
        'Shared To': '',
        'Shared On': '',
        'Not Shared To': 'County Prosecutor',
      },
    ]);
    for (const filtered of [path, '/cases/export.csv']) {
      const some = await api.get(`${filtered}?sharedTo=${city.id}`, officer);
      expect(rows(some.body)).toHaveLength(1);
    }
  });

  it('leave out partners that nothing may be sent to', async () => {
    const { body } = await api.get('/partners', officer);
    const path = `/partners/${body.data[0].id}`;
    const notSharedTo = async () =>
      rows((await api.get('/cases/export.csv', officer)).body).map((row) => row['Not Shared To']);
    expect(await notSharedTo()).toEqual(['County Prosecutor', 'County Prosecutor']);
    await api.patch(path, officer, { maySendTo: false });
    expect(await notSharedTo()).toEqual(['', '']);
    await api.patch(path, officer, { maySendTo: true });
    await api.patch(path, prosecutor, { mayReceiveFrom: false });
    expect(await notSharedTo()).toEqual(['', '']);
  });
});

describe('filters that are not valid', () => {
  const pointers = async (path: string) => {
    const { status, body } = await api.get(path, officer);
    expect(status).toBe(422);
    return pointersOf({ body }).sort();
  };

  it('are told all at once, also where one goes with another', async () => {
    expect(
      await pointers(
        '/cases?sharedTo=x&sharedFrom=y&notSharedTo=z&sharedOn=someday&sharedOnFrom=2026-02-30&limit=0&other=1',
      ),
    ).toEqual([
      '?limit',
      '?notSharedTo',
      '?other',
      '?sharedFrom',
      '?sharedOn',
      '?sharedOn',
      '?sharedOnFrom',
      '?sharedTo',
    ]);
  });

  it.each([
    ['sharedOn=yesterday&sharedOnTo=2026-01-01', ['?sharedOn']],
    ['sharedOnFrom=2026-01-02&sharedOnTo=2026-01-01', ['?sharedOnTo']],
    ['sharedOnFrom=1500-01-01', ['?sharedOnFrom']],
    ['sharedOnFrom=2026-01-01T00:00:00Z', ['?sharedOnFrom']],
  ])('on cases: %s', async (query, faults) => {
    expect(await pointers(`/cases?${query}`)).toEqual(faults);
    expect(await pointers(`/cases/export.csv?${query}`)).toEqual(faults);
  });

  it.each([
    ['sharedOn=yesterday', ['?sharedOn']],
    ['sharedOnFrom=2026-01-01&sharedOnTo=2026-01-02', ['?sharedOnFrom', '?sharedOnTo']],
  ])('on a case’s evidence, without sharedTo: %s', async (query, faults) => {
    for (const path of ['evidence', 'evidence/export.csv']) {
      const address = `/cases/${shared.id}/${path}?${query}`;
      expect(await pointers(address)).toEqual(faults);
      expect(await pointers(`${address}&sharedFrom=${justice.id}`)).toEqual(faults);
      expect((await api.get(`${address}&sharedTo=${justice.id}`, officer)).status).toBe(200);
    }
  });
});
