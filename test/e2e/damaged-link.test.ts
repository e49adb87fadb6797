/** A link whose stored file is gone: what its creator is told, with everything real. */
import { randomBytes } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { buildUser } from '../support/factories.ts';
import { buildLink, openLink } from '../support/links.ts';
import { startLives, type TestLives } from '../support/lives.ts';

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

test('the creator gets one mail that names the file, in their language', async () => {
  const { api, mail } = lives;
  const owner = await buildUser(api, { language: 'es' });
  const caseFields = { caseNumber: '2026-0777' };
  const files = { 'cam3.mp4': randomBytes(200_000) };
  const link = await buildLink(api, { owner, caseFields, files });
  const [item] = await api.database.em
    .fork()
    .execute<{ object_key: string }[]>('select object_key from share_items where share_id = ?', [
      link.shareId,
    ]);
  await api.store.remove(item?.object_key ?? '');
  const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
    headers: { Cookie: await openLink(api, link) },
  });
  await expect(response.arrayBuffer()).rejects.toThrow();
  const sent = await eventually('the mail', () =>
    mail.mails.find(({ subject }) => subject?.includes('2026-0777')),
  );
  expect(sent.subject).toBe('Un archivo compartido del caso 2026-0777 está dañado');
  expect(sent.text).toContain('el archivo 1 del paquete, «cam3.mp4»');
});
