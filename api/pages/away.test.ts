import { openDatabase } from '../../platform/database.ts';
import { startApi } from '../../test/support/api.ts';
import { startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { buildLink, openLink } from '../../test/support/links.ts';

test('while PostgreSQL is away every page says so and opens nothing', async () => {
  const api = await startApi();
  try {
    const link = await buildLink(api);
    const cookie = await openLink(api, link);
    const postgres = new URL(api.urls.appUrl);
    const proxy = await startBreakableProxy(`http://${postgres.host}`);
    postgres.host = new URL(proxy.endpoint).host;
    const database = await openDatabase({ url: postgres.href, poolSize: 4 });
    const away = await startApi({ deps: { database } });
    try {
      await proxy.close();
      for (const [method, path] of [
        ['GET', link.path],
        ['POST', link.path],
        ['GET', `/shared/${link.shareId}`],
        ['GET', `/shared/${link.shareId}/package`],
      ] as const) {
        const response = await fetch(`${away.origin}${path}`, {
          method,
          headers: { Cookie: cookie, Accept: 'text/html' },
        });
        expect([path, response.status]).toEqual([path, 503]);
        expect(response.headers.get('Retry-After')).toBe('5');
        expect(await response.text()).toContain('Not available at the moment');
      }
    } finally {
      await away.stop();
    }
  } finally {
    await api.stop();
  }
});
