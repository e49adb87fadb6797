/** The life of a copy, with everything real: API, PostgreSQL, Temporal, worker, SMTP. */
import { randomBytes } from 'node:crypto';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copiedObjects,
  ownedObjects,
  shareCopy,
  targetOf,
} from '../support/copies.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildGroup, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';

let lives: TestLives;
let pair: CopyingPair;
let readers: Record<'en' | 'es' | 'fr', User>;
let inCase: Case;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());
beforeEach(async () => {
  pair = await buildCopyingPair(lives.api);
  const organization = pair.partner;
  readers = {
    en: pair.receiver,
    es: await buildUser(lives.api, { organization, language: 'es' }),
    fr: await buildUser(lives.api, { organization, language: 'fr' }),
  };
  inCase = await buildCase(lives.api, { owner: pair.sender });
  for (const size of [10, 20, 30_000]) await add(size);
});

async function add(size: number) {
  return buildEvidence(lives.api, { owner: pair.sender, inCase, content: randomBytes(size) });
}

/** Shares with one user by itself and two in a group that the first is in too. */
async function share(fields: object = {}): Promise<string> {
  const group = await buildGroup(lives.api, pair.partner, Object.values(readers));
  const recipients = [
    { type: 'user', id: readers.en.id },
    { type: 'group', id: group.id },
  ];
  return (await shareCopy(lives.api, pair, inCase.id, { recipients, ...fields })).id;
}

async function stateOf(id: string): Promise<string> {
  return (await lives.api.get(`/shares/${id}`, pair.sender)).body.state;
}

async function reached(id: string, state: string): Promise<void> {
  await eventually(`the copy to be ${state}`, async () => (await stateOf(id)) === state, 60);
}

/** The mails about the case, by address. */
function subjects(): Record<string, string[]> {
  const about = lives.mail.mails.filter((mail) => mail.subject?.includes(inCase.caseNumber));
  const byAddress: Record<string, string[]> = {};
  for (const mail of about) {
    const address = mail.to?.[0]?.address ?? '';
    byAddress[address] = [...(byAddress[address] ?? []), mail.subject ?? ''];
  }
  return byAddress;
}

test('recipients are mailed once, in their languages, when the copy is there and when it is updated', async () => {
  const id = await share({ message: 'As agreed by <phone>.' });
  await reached(id, 'delivered');
  await eventually('the mails', () => Object.keys(subjects()).length === 3);
  const { caseNumber } = inCase;
  expect(subjects()).toEqual({
    [readers.en.email]: [`Northfield Police shared a copy of case ${caseNumber} with you`],
    [readers.es.email]: [
      `Northfield Police ha compartido con usted una copia del caso ${caseNumber}`,
    ],
    [readers.fr.email]: [
      `Northfield Police a partagé avec vous une copie de l’affaire ${caseNumber}`,
    ],
  });
  const [mail] = lives.mail.mails.filter(({ to }) => to?.[0]?.address === readers.en.email);
  expect(mail?.text).toContain('its 3 files were copied and read back');
  expect(mail?.text).toContain('As agreed by <phone>.');
  expect(mail?.html).toContain('As agreed by &lt;phone&gt;.');
  await add(40);
  expect((await lives.api.post(`/shares/${id}/updates`, pair.sender)).status).toBe(202);
  await eventually('the mails of the update', () =>
    Object.values(subjects()).every((mails) => mails.length === 2),
  );
  expect(subjects()[readers.es.email]?.[1]).toBe(
    `Northfield Police ha añadido pruebas a su copia del caso ${caseNumber}`,
  );
  expect(await copiedObjects(lives.api, pair.partner)).toEqual(
    await ownedObjects(lives.api, pair.partner),
  );
});

test('an update that finds nothing new is delivered, and nobody is mailed', async () => {
  const id = await share();
  await reached(id, 'delivered');
  await eventually('the mails', () => Object.keys(subjects()).length === 3);
  const update = await lives.api.post(`/shares/${id}/updates`, pair.sender);
  await eventually('the update', async () => {
    const { body } = await lives.api.get(`/shares/${id}/updates`, pair.sender);
    return body.data[0].id === update.body.id && body.data[0].state === 'delivered';
  });
  expect(Object.values(subjects()).flat()).toHaveLength(3);
});

test('the creator is told of a failure and why, and the recipients of nothing', async () => {
  const lost = await add(50);
  await lives.api.store.remove(lost.objectKey, lost.objectVersion ?? null);
  const id = await share();
  await reached(id, 'failed');
  await eventually('the mail', () => Object.keys(subjects()).length > 0);
  expect(subjects()).toEqual({
    [pair.sender.email]: [`The copy of case ${inCase.caseNumber} was not delivered`],
  });
  await eventually(
    'the store to be tidied',
    async () => (await copiedObjects(lives.api, pair.partner)).length === 0,
  );
  expect(await targetOf(lives.api, id)).toBeNull();
});

test('the life ends a day after the delivery, when nothing late can come, and its history says nothing', async () => {
  const id = await share();
  await reached(id, 'delivered');
  await eventually('the mails', () => Object.keys(subjects()).length === 3);
  const workflowId = workflowIdOf('case-copy', id);
  const handle = lives.temporal.client.workflow.getHandle(workflowId);
  await lives.temporal.fastForward(workflowId, 26 * 3_600_000);
  await handle.result();
  const history = JSON.stringify(await handle.fetchHistory());
  for (const secret of [readers.en.email, readers.en.name, inCase.title, inCase.caseNumber]) {
    expect(history).not.toContain(secret);
  }
});

test('a copy is cancelled while the worker is away, and never delivered', async () => {
  await lives.stopWorker();
  const id = await share();
  const cancelled = await lives.api.post(`/shares/${id}/cancel`, pair.sender);
  expect(cancelled.body.state).toBe('cancelled');
  await lives.startWorker();
  await eventually('the cancellation to end', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ state: string }[]>('select state from copy_deliveries where share_id = ?', [id]);
    return row?.state === 'cancelled';
  });
  expect(await copiedObjects(lives.api, pair.partner)).toEqual([]);
  expect(subjects()).toEqual({});
});
