import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildLink,
  openLink,
  shareEvents,
  snapshot,
  type TestLink,
} from '../../../test/support/links.ts';

const SECRET_TITLE = 'Arson at the Old Mill';
const SECRET_NUMBER = '2026-0142';

describe('the pages of a download link', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const hidden = { caseNumber: SECRET_NUMBER, title: SECRET_TITLE };
  const build = (options: Parameters<typeof buildLink>[1] = {}) =>
    buildLink(api, { caseFields: hidden, ...options });
  const sql = (text: string, link: Pick<TestLink, 'shareId'>) =>
    api.database.em.fork().execute(text, [link.shareId]);

  async function page(path: string, init: RequestInit = {}) {
    const response = await fetch(`${api.origin}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  const KILL = {
    expired: `update shares set expires_at = clock_timestamp() where id = ?`,
    revoked: `update shares set revoked_at = clock_timestamp() where id = ?`,
    failed: `update shares set failed_at = clock_timestamp() where id = ?`,
    used_up: `update shares set download_limit = 1 where id = ?`,
  };
  const HEADINGS = {
    expired: 'This link has expired',
    revoked: 'This link was withdrawn',
    failed: 'This package could not be prepared',
    used_up: 'This link has been used up',
  };

  async function kill(link: TestLink, state: keyof typeof KILL): Promise<void> {
    if (state === 'used_up') {
      await page(`/shared/${link.shareId}/package`, {
        headers: { Cookie: await openLink(api, link) },
      });
    }
    await sql(KILL[state], link);
  }

  test('a link that lives shows a button and nothing of its case', async () => {
    const link = await build();
    const { status, text, headers } = await page(link.path);
    expect(status).toBe(200);
    expect(text).toContain('Open the package');
    expect(text).not.toContain(link.token);
    expect(text).not.toContain('Northfield');
    expect(text).not.toContain(SECRET_NUMBER);
    expect(text).not.toContain(SECRET_TITLE);
    expect(text).not.toMatch(/<script|<style|style=/);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('X-Robots-Tag')).toContain('noindex');
  });

  describe.each(['expired', 'revoked', 'failed', 'used_up'] as const)(
    'a link that is %s',
    (state) => {
      test('has a page of its own with 410, for GET, HEAD and POST, without case data', async () => {
        const link = await build();
        const cookie = await openLink(api, link);
        await kill(link, state);
        for (const method of ['GET', 'HEAD', 'POST']) {
          const { status, text } = await page(link.path, { method });
          expect(status).toBe(410);
          if (method !== 'HEAD') expect(text).toContain(HEADINGS[state]);
          expect(text).not.toContain(SECRET_NUMBER);
        }
        for (const path of ['', '/manifest.json', '/package']) {
          const { status, text } = await page(`/shared/${link.shareId}${path}`, {
            headers: { Cookie: cookie, Accept: 'text/html' },
          });
          expect([path, status]).toEqual([path, 410]);
          expect(text).toContain(HEADINGS[state]);
          expect(text).not.toContain(SECRET_NUMBER);
        }
      });

      test('is a problem document for programs, with the reason', async () => {
        const link = await build();
        const cookie = await openLink(api, link);
        await kill(link, state);
        const headers = { Cookie: cookie, Accept: 'application/json' };
        for (const path of [
          link.path,
          `/shared/${link.shareId}`,
          `/shared/${link.shareId}/package`,
        ]) {
          // The cookie is of no use here: without it, the address of the link is as dead.
          const { status, text, headers: answered } = await page(path, { headers });
          expect(status).toBe(410);
          expect(answered.get('Content-Type')).toMatch('application/problem+json');
          expect(JSON.parse(text)).toMatchObject({ code: 'link-dead', reason: state });
        }
      });
    },
  );

  test('a link that is being prepared asks to come back, and is not opened', async () => {
    const link = await build();
    await sql('update shares set activated_at = null, expires_at = null where id = ?', link);
    const shown = await page(link.path);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('not ready yet');
    expect(shown.headers.get('Retry-After')).toBe('30');
    const opened = await page(link.path, { method: 'POST' });
    expect(opened.status).toBe(409);
    expect(opened.headers.get('Set-Cookie')).toBeNull();
  });

  test.each(['A'.repeat(43), 'short', `${'A'.repeat(42)}%00`, 'a'.repeat(300), '..%2f..%2fetc'])(
    'an unknown or malformed token is 404: %s',
    async (token) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        expect((await page(`/s/${token}`, { method })).status).toBe(404);
      }
    },
  );

  test('the exchange gives a cookie for this share and an address without the token', async () => {
    const link = await build();
    const { status, headers, text } = await page(link.path, { method: 'POST' });
    expect(status).toBe(303);
    expect(headers.get('Location')).toBe(`/shared/${link.shareId}`);
    expect(text).not.toContain(link.token);
    const cookie = headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(
      new RegExp(
        `^cb-share-${link.shareId}=[\\w-]{43}; Path=/; Expires=[^;]+GMT; HttpOnly; SameSite=Lax$`,
      ),
    );
    expect(await shareEvents(api, link.shareId)).toMatchObject([
      { action: 'share.created' },
      { action: 'share.activated' },
      { action: 'share.opened', outcome: 'done' },
    ]);
  });

  test('a second exchange in the same browser opens no second session', async () => {
    const link = await build({ downloadLimit: 1 });
    const cookie = await openLink(api, link);
    await page(`/shared/${link.shareId}/package`, { headers: { Cookie: cookie } });
    const again = await page(link.path, { method: 'POST', headers: { Cookie: cookie } });
    expect(again.status).toBe(303);
    expect(again.headers.get('Set-Cookie')).toBeNull();
    expect((await page(link.path, { headers: { Cookie: cookie } })).status).toBe(200);
    expect((await page(link.path, { method: 'POST' })).status).toBe(410);
  });

  test('a scanner that fetches every address a hundred times changes nothing', async () => {
    const link = await build({ passphrase: 'open sesame', downloadLimit: 1 });
    const cookie = await openLink(api, link, 'open sesame');
    const before = await snapshot(api);
    for (let round = 0; round < 100; round += 1) {
      await Promise.all([
        page(link.path),
        page(link.path, { method: 'HEAD' }),
        page(`/shared/${link.shareId}`, { method: 'HEAD' }),
        page(`/shared/${link.shareId}/package`),
        page(`/shared/${link.shareId}/package`, { method: 'HEAD', headers: { Cookie: cookie } }),
        page(`/shared/${link.shareId}`, { headers: { Cookie: cookie } }),
        page(`/shared/${link.shareId}/manifest.json`, { headers: { Cookie: cookie } }),
      ]);
    }
    expect(await snapshot(api)).toEqual(before);
  });

  test('a passphrase is asked for; wrong ones are recorded and soon refused', async () => {
    const link = await build({ passphrase: 'Grüße aus der Mühle' });
    expect((await page(link.path)).text).toContain('type="password"');
    const tell = (passphrase: string) =>
      page(link.path, { method: 'POST', body: new URLSearchParams({ passphrase }) });
    expect((await page(link.path, { method: 'POST' })).status).toBe(403);
    const wrong = await tell('something else');
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain('not the passphrase');
    expect(wrong.headers.get('Set-Cookie')).toBeNull();
    expect((await tell('Grüße aus der Mühle'.normalize('NFD'))).status).toBe(303);

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => tell(`guess ${index}`)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(refused[0]?.text).toContain('Too many tries');
    expect((await tell('Grüße aus der Mühle')).status).toBe(429);
    const events = await shareEvents(api, link.shareId);
    expect(events.filter(({ reason }) => reason === 'wrong-passphrase')).toHaveLength(10);
  });

  test('a form of another site is refused; programs and our own pages are not', async () => {
    const link = await build();
    const post = async (headers: Record<string, string>) =>
      (await page(link.path, { method: 'POST', headers })).status;
    expect(await post({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await post({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
    expect(await post({ Origin: 'https://elsewhere.test' })).toBe(403);
    expect(await post({ 'Sec-Fetch-Site': 'same-origin', Origin: 'null' })).toBe(303);
    expect(await post({ Origin: api.config.CASEBRIDGE_PUBLIC_URL })).toBe(303);
    expect(await post({})).toBe(303);
  });

  test.each([
    ['es-MX,es;q=0.9', 'Han compartido archivos con usted', 'es'],
    ['fr-CA', 'Des fichiers ont été partagés avec vous', 'fr'],
    ['de', 'Files have been shared with you', 'en'],
  ])('a reader who prefers %s reads: %s', async (accepted, heading, lang) => {
    const link = await build();
    const { text } = await page(link.path, { headers: { 'Accept-Language': accepted } });
    expect(text).toContain(heading);
    expect(text).toContain(`<html lang="${lang}">`);
  });
});

describe('behind a proxy', () => {
  test('somebody who guesses passphrases does not shut out who knows it', async () => {
    const api = await startApi({ variables: { CASEBRIDGE_TRUSTED_PROXIES: '1' } });
    try {
      const link = await buildLink(api, { passphrase: 'open sesame' });
      const tell = async (passphrase: string, from: string) => {
        const response = await fetch(`${api.origin}${link.path}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'X-Forwarded-For': from },
          body: new URLSearchParams({ passphrase }),
        });
        return response.status;
      };
      for (let guess = 0; guess < 10; guess += 1) {
        expect(await tell(`guess ${guess}`, '192.0.2.1')).toBe(403);
      }
      expect(await tell('open sesame', '192.0.2.1')).toBe(429);
      expect(await tell('open sesame', '192.0.2.2')).toBe(303);
      const rows = await api.database.em.fork().execute('select key from rate_limits');
      expect(JSON.stringify(rows)).not.toContain('192.0.2');
    } finally {
      await api.stop();
    }
  });
});

describe('over https', () => {
  test('the cookie is bound to this host and to https', async () => {
    const api = await startApi({
      variables: { CASEBRIDGE_PUBLIC_URL: 'https://share.example.test' },
    });
    try {
      const link = await buildLink(api);
      const response = await fetch(`${api.origin}${link.path}`, {
        method: 'POST',
        redirect: 'manual',
      });
      expect(response.headers.get('Set-Cookie')).toMatch(
        new RegExp(
          `^__Host-cb-share-${link.shareId}=[^;]+; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`,
        ),
      );
    } finally {
      await api.stop();
    }
  });
});
