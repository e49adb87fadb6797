/** `npm run bench -- NAME`: runs one benchmark and prints what it measured. */

const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  api: async () => (await import('./api.ts')).benchApi(),
  archive: async () => (await import('./archive.ts')).benchArchive(),
  copy: async () => (await import('./copy.ts')).benchCopy(),
  layout: async () => (await import('./layout.ts')).benchLayout(),
  lifecycles: async () => (await import('./lifecycles.ts')).benchLifecycles(),
  search: async () => (await import('./search.ts')).benchSearch(),
  upload: async () => (await import('./upload.ts')).benchUpload(),
};

const name = process.argv[2] ?? '';
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benchmarks).join(' | ')}\n`);
  process.exitCode = 2;
} else {
  await benchmark();
}
