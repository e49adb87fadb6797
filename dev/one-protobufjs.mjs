/**
 * Fails where more than one protobufjs 8 is installed, or the Temporal packages take another: with two
 * of them recorded histories can be neither read nor replayed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const scope = join(root, 'node_modules/@temporalio');
const places = readdirSync(scope)
  .map((name) => ({ name, manifest: join(scope, name, 'package.json') }))
  .filter(
    ({ manifest }) =>
      'protobufjs' in (JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {}),
  )
  .map(({ name, manifest }) => ({
    name: `@temporalio/${name}`,
    resolved: createRequire(manifest).resolve('protobufjs/package.json'),
  }));
const expected = createRequire(join(root, 'package.json')).resolve('protobufjs/package.json');
const others = places.filter(({ resolved }) => resolved !== expected);
for (const { name, resolved } of others) {
  process.stderr.write(`${name} takes ${resolved}, not ${expected}\n`);
}
process.exitCode = others.length === 0 && places.length > 0 ? 0 : 1;
