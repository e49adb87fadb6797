import { INVITE_UPLOADER, loadWebModules, UPLOADER } from './web-modules.ts';

const imports = /(?:from|import)\s+'([^']+)'/g;

test.each([
  ['the uploader', UPLOADER],
  ['an invite', INVITE_UPLOADER],
])('every import of every module of %s leads to another one of them', (_page, modules) => {
  expect(modules.addresses.length).toBeGreaterThan(20);
  for (const address of modules.addresses) {
    const code = modules.contentOf(address) ?? '';
    expect(code).not.toContain('import type');
    for (const [, imported = ''] of code.matchAll(imports)) {
      const target = new URL(imported, `http://host${address}`).pathname;
      expect([address, modules.contentOf(target) !== undefined]).toEqual([address, true]);
    }
  }
});

test('lines and columns are those of the sources', () => {
  const code = UPLOADER.contentOf(UPLOADER.entry) ?? '';
  expect(code.split('\n')[0]).toBe(
    "/** The uploader's page: loaded by the page of whatever takes files. */",
  );
});

test('addresses are the same for the same sources', () => {
  expect(loadWebModules('api/web/main.ts').entry).toBe(UPLOADER.entry);
});

test('what may not run in a browser is not sent out', () => {
  expect(() => loadWebModules('api/server.ts')).toThrow('api/server.ts is no module for browsers');
});
