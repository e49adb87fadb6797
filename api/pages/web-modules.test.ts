import { loadWebModules, UPLOADER } from './web-modules.ts';

const imports = /(?:from|import)\s+'([^']+)'/g;

test('every import of every module leads to another one of them', () => {
  expect(UPLOADER.addresses.length).toBeGreaterThan(20);
  for (const address of UPLOADER.addresses) {
    const code = UPLOADER.contentOf(address) ?? '';
    expect(code).not.toContain('import type');
    for (const [, imported = ''] of code.matchAll(imports)) {
      const target = new URL(imported, `http://host${address}`).pathname;
      expect([address, UPLOADER.contentOf(target) !== undefined]).toEqual([address, true]);
    }
  }
});

test('lines and columns are those of the sources', () => {
  const code = UPLOADER.contentOf(UPLOADER.entry) ?? '';
  expect(code.split('\n')[0]).toBe(
    "/** The uploader's page: loaded by the page of an opened request. */",
  );
});

test('addresses are the same for the same sources', () => {
  expect(loadWebModules('api/web/main.ts').entry).toBe(UPLOADER.entry);
});

test('what may not run in a browser is not sent out', () => {
  expect(() => loadWebModules('api/server.ts')).toThrow('api/server.ts is no module for browsers');
});
