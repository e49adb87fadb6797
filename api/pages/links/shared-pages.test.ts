import { pino } from 'pino';
import { query } from '../../../dev/servers/postgres.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildLink, openLink, type TestLink } from '../../../test/support/links.ts';

describe('the page of an opened package', () => {
  let api: TestApi;
  const logged: string[] = [];
  beforeAll(async () => {
    const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    api = await startApi({ deps: { logger } });
  });
  afterAll(() => api.stop());

  async function page(link: TestLink, cookie: string, path = '') {
    const response = await fetch(`${api.origin}/shared/${link.shareId}${path}`, {
      headers: { Cookie: cookie, Accept: 'text/html,*/*;q=0.8' },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  test('shows the case, its files with size and hash, and how to get and check them', async () => {
    const files = { 'cam3.mp4': Buffer.alloc(1_048_576), 'notes.txt': Buffer.from('minutes') };
    const caseFields = { caseNumber: '2026-0142', title: 'Burglary, Mill Road' };
    const link = await buildLink(api, { files, caseFields });
    const { status, text, headers } = await page(link, await openLink(api, link));
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    for (const shown of [
      'Northfield Police',
      'Case 2026-0142',
      'Burglary, Mill Road',
      'cam3.mp4',
      '1.05 MB',
      '(1,048,576 bytes)',
      '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58',
      'in 29 days',
      `href="/shared/${link.shareId}/package"`,
      'curl -f -c jar -X POST &quot;$LINK&quot;',
      `curl -f -b jar -C - -O ${api.config.CASEBRIDGE_PUBLIC_URL}/shared/${link.shareId}/package/2026-0142.zip`,
      'sha256sum --check --quiet manifest-sha256.txt',
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toContain(link.token);
    expect(text).not.toMatch(/<script|<style|style=|onload|https?:\/\/(?!127\.0\.0\.1)/);
  });

  test('says of an ISO image what opens it, and names it as such', async () => {
    const caseFields = { caseNumber: '2026-0142' };
    const link = await buildLink(api, { caseFields, format: 'iso' });
    const cookie = await openLink(api, link);
    const { text } = await page(link, cookie);
    expect(text).toContain('One ISO image of');
    expect(text).toContain('It appears as a disc');
    expect(text).toContain(`/shared/${link.shareId}/package/2026-0142.iso`);
    expect(text).not.toContain('ZIP');
    const manifest = await page(link, cookie, '/manifest.json');
    expect(JSON.parse(manifest.text).package).toMatchObject({
      format: 'iso',
      fileName: '2026-0142.iso',
      size: link.size,
    });
  });

  test('names the certificate where the archive holds one, and not for links made before', async () => {
    const link = await buildLink(api);
    const cookie = await openLink(api, link);
    expect((await page(link, cookie)).text).toContain('certificate.html');
    await api.database.em
      .fork()
      .execute(`update shares set archive = archive - 'sharing' where id = ?`, [link.shareId]);
    expect((await page(link, cookie)).text).not.toContain('certificate.html');
  });

  test('hostile names are text and nothing else', async () => {
    const names = [
      '<script>alert(1)</script>.html',
      '"><img src=x onerror=alert(1)>.png',
      "javascript:alert('1')",
      'photo\u202egpj.exe',
      'new\nline.txt',
      '${7*7}{{7*7}}.txt',
    ];
    const link = await buildLink(api, {
      files: Object.fromEntries(names.map((name, index) => [name, Buffer.from(`${index}`)])),
      caseFields: { caseNumber: `'; reboot; '`, title: '</h1><script>alert(2)</script>\u202e' },
    });
    const { text } = await page(link, await openLink(api, link));
    expect(text).not.toMatch(/<script|<img src=x|<\/h1><script/);
    expect(text).not.toMatch(/\u202e/);
    expect(text).toContain('photo[U+202E]gpj.exe');
    expect(text).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    // The shell sees one word.
    expect(text).toContain('cd &#39;&#39;\\&#39;&#39;; reboot; &#39;\\&#39;&#39;&#39;');
  });

  test('10,000 files are listed 200 at a time, and all in the manifest', async () => {
    const link = await buildLink(api);
    await api.database.em.fork().execute(
      `insert into share_items (share_id, position, evidence_id, original_name, path, modified_at, size,
         sha256, crc32, object_key, object_version, object_etag)
       select share_id, number, gen_random_uuid(), number || '.jpg', number || '.jpg', modified_at, size,
         sha256, crc32, object_key, object_version, object_etag
       from share_items, generate_series(1, 9999) number where share_id = ?`,
      [link.shareId],
    );
    const cookie = await openLink(api, link);
    const listed = (text: string) => text.match(/class="file-name"/g)?.length;
    const first = await page(link, cookie);
    expect(first.text).toContain('10,000 files');
    expect(first.text).toContain('1 to 200 of 10,000');
    expect(listed(first.text)).toBe(200);
    expect(first.text.length).toBeLessThan(100_000);
    const last = await page(link, cookie, '?page=50');
    expect(last.text).toContain('9,801 to 10,000 of 10,000');
    expect(last.text).not.toContain('rel="next"');
    for (const absurd of ['?page=51', '?page=1e9']) {
      expect((await page(link, cookie, absurd)).text).toContain('9,801 to 10,000');
    }
    for (const absurd of ['?page=0', '?page=-3', '?page=x', '?page=1&page=2']) {
      expect((await page(link, cookie, absurd)).text).toContain('1 to 200 of');
    }
    const manifest = await page(link, cookie, '/manifest.json');
    expect(manifest.headers.get('Content-Type')).toMatch('application/json');
    const { files, fileCount, ...about } = JSON.parse(manifest.text);
    expect(files).toHaveLength(10_000);
    expect(fileCount).toBe(10_000);
    expect(about.package).toMatchObject({ format: 'zip', size: link.size, etag: link.etag });
    expect(Object.keys(files[0])).toEqual(['path', 'originalName', 'size', 'sha256', 'modifiedAt']);
  });

  test('without its cookie it says to open the link again, with it after an extension it lives longer', async () => {
    const link = await buildLink(api);
    const without = await page(link, '');
    expect(without.status).toBe(401);
    expect(without.text).toContain('Open your link again');
    const cookie = await openLink(api, link);
    await api.database.em
      .fork()
      .execute(`update shares set expires_at = '2031-05-06T07:08:09Z' where id = ?`, [
        link.shareId,
      ]);
    const { headers } = await page(link, cookie);
    expect(headers.get('Set-Cookie')).toContain(
      `${cookie}; Path=/; Expires=Thu, 05 Jun 2031 07:08:09 GMT`,
    );
  });

  test('its style sheet is kept for good and other assets are not there', async () => {
    const link = await buildLink(api);
    const { text } = await page(link, await openLink(api, link));
    const [, path = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(text) ?? [];
    const sheet = await fetch(`${api.origin}${path}`);
    expect(sheet.status).toBe(200);
    expect(sheet.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(sheet.headers.get('Content-Type')).toMatch('text/css');
    for (const other of ['/assets/pages.css', '/assets/..%2fpage.ts', '/assets/x.js']) {
      expect((await fetch(`${api.origin}${other}`)).status).toBe(404);
    }
  });

  test('tokens, secrets and passphrases are in no log line, also when everything fails', async () => {
    const link = await buildLink(api, { passphrase: 'canary passphrase' });
    const post = (passphrase: string) =>
      fetch(`${api.origin}${link.path}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ passphrase }),
      });
    const cookie = await openLink(api, link, 'canary passphrase');
    const secret = cookie.split('=')[1] ?? '';
    await post('canary guess');
    await page(link, cookie);
    await page(link, cookie, '/package');
    await fetch(`${api.origin}/s/canary-malformed-token`);
    await query(api.urls.ownerUrl, 'alter table shares rename to shares_away');
    try {
      expect((await fetch(`${api.origin}${link.path}`)).status).toBe(500);
      expect((await post('canary passphrase')).status).toBe(500);
      const broken = await page(link, cookie);
      expect(broken.status).toBe(500);
      expect(broken.text).toContain('Something went wrong on our side');
    } finally {
      await query(api.urls.ownerUrl, 'alter table shares_away rename to shares');
    }
    const everything = logged.join('');
    expect(everything).toContain('/shared/{shareId}/package');
    expect(everything).toContain('a page could not be shown');
    for (const canary of [link.token, secret, 'canary']) expect(everything).not.toContain(canary);
  });
});
