/** The life of partner access, with everything real: API, PostgreSQL, Temporal, worker, SMTP. */
import type { Email } from 'postal-mime';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { buildPartnerWithUsers, type TestPartner } from '../support/access.ts';
import { eventually } from '../support/eventually.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
} from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';

const DAY = 24 * 3600 * 1000;

let lives: TestLives;
let organization: Organization;
let owner: User;
let partner: TestPartner;
let users: User[];
beforeAll(async () => {
  lives = await startLives();
  organization = await buildOrganization(lives.api, { name: 'Northfield Police' });
  owner = await buildUser(lives.api, { organization, name: 'Olga Owner' });
  partner = await buildPartnerWithUsers(lives.api, organization, 1);
  const spanish = {
    organization: partner.organization,
    language: 'es',
    roles: ['auditor'],
  } as const;
  users = [...partner.users, await buildUser(lives.api, spanish)];
});
afterAll(() => lives.stop());

async function share(fields: object = {}) {
  const inCase = await buildCase(lives.api, { owner, title: 'A title that mail does not tell' });
  await buildEvidence(lives.api, { owner, inCase });
  const answer = await lives.api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'partner_access',
    partnerOrganizationId: partner.organization.id,
    recipients: users.map(({ id }) => ({ type: 'user', id })),
    scope: { type: 'entire_case' },
    access: 'view_and_download',
    ...fields,
  });
  expect(answer.status).toBe(201);
  return {
    inCase,
    id: String(answer.body.id),
    life: workflowIdOf('partner-access', answer.body.id),
  };
}

const mailsAbout = (inCase: Case) =>
  lives.mail.mails.filter(({ subject }) => subject?.includes(inCase.caseNumber));

async function mailed(inCase: Case, count: number): Promise<Email[]> {
  await eventually(`${count} mails`, () => mailsAbout(inCase).length >= count);
  return mailsAbout(inCase);
}

const to = (mails: readonly Email[]) => mails.map((mail) => mail.to?.[0]?.address).sort();
const emails = (of: readonly User[]) => of.map(({ email }) => email).sort();
const linkIn = (mail: Email | undefined) => /\/a\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';

async function sql(statement: string, ...values: unknown[]) {
  return lives.api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);
}

test('each recipient is invited once, in its language, by a link of its own', async () => {
  const { inCase } = await share({ message: 'Please look at <camera 3>.' });
  const mails = await mailed(inCase, 2);
  expect(to(mails)).toEqual(emails(users));
  const links = mails.map(linkIn);
  expect(new Set(links).size).toBe(2);
  expect(links.every((link) => link.length === 43)).toBe(true);
  const spanish = mails.find((mail) => mail.to?.[0]?.address === users[1]?.email);
  expect(spanish?.subject).toBe(`Northfield Police le da acceso al caso ${inCase.caseNumber}`);
  for (const mail of mails) {
    expect(mail.html).toContain('Please look at &lt;camera 3&gt;.');
    expect(mail.html).toContain(`/a/${linkIn(mail)}"`);
    expect(mail.text).toContain('Olga Owner');
    expect(mail.text).not.toContain(inCase.title);
  }
});

test('no link stands in the database', async () => {
  const { inCase, id } = await share();
  const links = (await mailed(inCase, 2)).map(linkIn);
  const rows = [
    ...(await sql('select * from notifications where workflow_id = ?', `partner-access:${id}`)),
    ...(await sql('select * from share_access_links where share_id = ?', id)),
  ];
  expect(rows).toHaveLength(4);
  for (const link of links) expect(JSON.stringify(rows)).not.toContain(link);
});

test('members of a group are invited as they are, an entire organization by its administrators', async () => {
  const group = await buildGroup(lives.api, partner.organization, users);
  const both = [
    { type: 'group', id: group.id },
    { type: 'user', id: users[0]?.id },
  ];
  const grouped = await share({ recipients: both });
  expect(to(await mailed(grouped.inCase, 2))).toEqual(emails(users));
  const entire = await share({ recipients: 'entire_organization' });
  const administrators = await sql(
    `select u.email from users u join user_roles ur on ur.user_id = u.id join roles r on r.id = ur.role_id
     where u.organization_id = ? and r.name = 'administrator'`,
    partner.organization.id,
  );
  const mails = await mailed(entire.inCase, administrators.length);
  expect(to(mails)).toEqual(administrators.map(({ email }) => email).sort());
  expect(to(mails)).not.toContain(users[1]?.email);
  expect(mails[0]?.text).toContain('until it is withdrawn');
});

test('recipients and the creator are told three days before expiry, and the end is recorded', async () => {
  const { inCase, id, life } = await share({ durationDays: 30 });
  const invitations = await mailed(inCase, 2);
  await lives.temporal.fastForward(life, 26 * DAY);
  expect(mailsAbout(inCase)).toHaveLength(2);
  await lives.temporal.fastForward(life, 5 * DAY);
  await lives.temporal.client.workflow.getHandle(life).result();
  const notices = mailsAbout(inCase).slice(2);
  expect(to(notices)).toEqual(emails([...users, owner]));
  const links = notices.map(linkIn).filter((link) => link !== '');
  expect(links.sort()).toEqual(invitations.map(linkIn).sort());
  const events = await sql(
    'select organization_id from audit_events where action = ? and objects @> array[?::uuid]',
    'share.expired',
    id,
  );
  expect(new Set(events.map((event) => event['organization_id']))).toEqual(
    new Set([organization.id, partner.organization.id]),
  );
});

test('who is removed is told, who is invited anew gets another link', async () => {
  const { inCase, id } = await share();
  const invited = await mailed(inCase, 2);
  const oldLink = linkIn(invited.find((mail) => mail.to?.[0]?.address === users[0]?.email));
  const all = users.map((user) => ({ type: 'user', id: user.id }));
  await lives.api.patch(`/shares/${id}`, owner, { recipients: all.slice(1) });
  const [told] = (await mailed(inCase, 3)).slice(2);
  expect(told?.to?.[0]?.address).toBe(users[0]?.email);
  expect(told?.subject).toBe(`Your access to case ${inCase.caseNumber} was withdrawn`);
  await lives.api.patch(`/shares/${id}`, owner, { recipients: all });
  const again = (await mailed(inCase, 4))[3];
  expect(again?.to?.[0]?.address).toBe(users[0]?.email);
  expect(linkIn(again)).not.toBe('');
  expect(linkIn(again)).not.toBe(oldLink);
});

test('when it is revoked everybody who was invited is told, and the life ends', async () => {
  const { inCase, id, life } = await share();
  await mailed(inCase, 2);
  await lives.api.post(`/shares/${id}/revoke`, owner);
  await lives.temporal.client.workflow.getHandle(life).result();
  expect(to(mailsAbout(inCase).slice(2))).toEqual(emails(users));
});

test('an invitation that was not sent before the share was revoked is not sent at all', async () => {
  await lives.stopWorker();
  const { inCase, id, life } = await share();
  await lives.api.post(`/shares/${id}/revoke`, owner);
  await lives.startWorker();
  await lives.temporal.client.workflow.getHandle(life).result();
  expect(mailsAbout(inCase)).toEqual([]);
});
