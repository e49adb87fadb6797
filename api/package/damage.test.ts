/** A link whose stored files are not the ones that were verified any more. */
import { randomBytes } from 'node:crypto';
import { LANGUAGES } from '../../domain/identity/user.entity.ts';
import { DAMAGED } from '../../domain/sharing/download-link/damage-texts.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildUser } from '../../test/support/factories.ts';
import { buildLink, openLink, shareEvents, type TestLink } from '../../test/support/links.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const FILES = { 'first.mp4': randomBytes(1_000), 'second.mp4': randomBytes(300_000) };

const sql = <T>(text: string, ...params: unknown[]) =>
  api.database.em.fork().execute<T[]>(text, params);

async function objectOf(link: TestLink, name: string): Promise<string> {
  const [row] = await sql<{ object_key: string }>(
    'select object_key from share_items where share_id = ? and original_name = ?',
    link.shareId,
    name,
  );
  return row?.object_key ?? '';
}

/** @throws where the connection breaks before the end */
async function download(link: TestLink, cookie: string): Promise<void> {
  const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
    headers: { Cookie: cookie },
  });
  await response.arrayBuffer();
}

async function damageOnRecord(link: TestLink, times: number) {
  return eventually('the damage on record', async () => {
    const events = await shareEvents(api, link.shareId);
    const found = events.filter(({ action }) => action === 'share.damaged');
    return found.length >= times && found;
  });
}

const mailsOf = (link: TestLink) =>
  sql<{ kind: string; recipient: string; subject: string; text: string }>(
    'select kind, recipient, subject, text from notifications where subject_id = ?',
    link.shareId,
  );

test('a missing object breaks the download, is on record by its number, and its owner is told once', async () => {
  const caseFields = { caseNumber: '2026-0142' };
  const link = await buildLink(api, { files: FILES, caseFields });
  const cookie = await openLink(api, link);
  await api.store.remove(await objectOf(link, 'second.mp4'));
  await expect(download(link, cookie)).rejects.toThrow();
  const [event] = await damageOnRecord(link, 1);
  expect(event).toMatchObject({
    outcome: 'failed',
    reason: 'object-missing: file 2',
    data: { file: 2 },
  });
  const events = await shareEvents(api, link.shareId);
  expect(events.map(({ action, reason }) => [action, reason])).toContainEqual([
    'share.download_ended',
    'failed',
  ]);
  expect(await mailsOf(link)).toEqual([
    expect.objectContaining({
      kind: 'share-damaged',
      recipient: link.owner.email,
      subject: 'A file shared from case 2026-0142 is damaged',
      text: expect.stringContaining('file 2 of the package, “second.mp4”'),
    }),
  ]);
  expect(api.pokes).toContain(`download-link:${link.shareId}`);

  await expect(download(link, cookie)).rejects.toThrow();
  await damageOnRecord(link, 2);
  expect(await mailsOf(link)).toHaveLength(1);
});

test('an object that was overwritten is on record as changed', async () => {
  const owner = await buildUser(api, { language: 'fr' });
  const link = await buildLink(api, { files: FILES, owner, format: 'iso' });
  const cookie = await openLink(api, link);
  const key = await objectOf(link, 'first.mp4');
  await api.store.put(key, randomBytes(1_000), 'video/mp4');
  await expect(download(link, cookie)).rejects.toThrow();
  const [event] = await damageOnRecord(link, 1);
  expect(event?.reason).toBe('object-changed: file 1');
  const [mail] = await mailsOf(link);
  expect(mail?.text).toContain('le fichier 1 de l’ensemble');
});

test('a whole download, and one that its receiver breaks off, tell nobody', async () => {
  const link = await buildLink(api, { files: FILES });
  const cookie = await openLink(api, link);
  await download(link, cookie);
  const stopping = new AbortController();
  const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
    headers: { Cookie: cookie },
    signal: stopping.signal,
  });
  stopping.abort();
  await expect(response.arrayBuffer()).rejects.toThrow();
  await api.deps.streaming.drain();
  expect(await mailsOf(link)).toEqual([]);
  const events = await shareEvents(api, link.shareId);
  expect(events.map(({ action }) => action)).not.toContain('share.damaged');
});

test.each(LANGUAGES)('the mail names case and file in %s', (language) => {
  const notice = { name: 'N', caseNumber: '2026-1', title: 'T', when: 'W' };
  const { subject, paragraphs } = DAMAGED[language](notice, { number: 7, path: 'a/b.mp4' });
  expect(subject).toContain('2026-1');
  for (const shown of ['2026-1', '7', 'a/b.mp4', 'W']) {
    expect(paragraphs.join('\n')).toContain(shown);
  }
});
