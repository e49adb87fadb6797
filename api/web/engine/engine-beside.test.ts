/** Files that are held back, or that another tab of the browser sends. */
import { createUploadWorld, modelFile } from '../../../test/support/upload-world.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createEngine, type Engine } from './engine.ts';
import type { EnginePorts } from './ports.ts';

function prepare() {
  const clock = createVirtualClock(() => 0.5);
  const world = createUploadWorld(clock, () => 'well');
  const ports: EnginePorts = { ...world, clock };
  return { clock, world, ports, engine: createEngine(ports) };
}

const phases = (engine: Engine) => engine.files().map(({ transfer }) => transfer.phase.type);
const verified = (engine: Engine) =>
  engine
    .files()
    .every(
      ({ transfer: { phase } }) => phase.type === 'ended' && phase.outcome.type === 'verified',
    );

test('a file that another tab has waits for it, and holds up no other', async () => {
  const { clock, world, engine } = prepare();
  world.elsewhere.add('there');
  engine.add([modelFile('there', 30), modelFile('here', 30)]);
  engine.start();
  await clock.until('the other file', () => phases(engine)[1] === 'ended');
  expect(phases(engine)[0]).toBe('elsewhere');
  expect([...world.uploads.values()].map(({ path }) => path)).toEqual(['here']);
  world.elsewhere.clear();
  await clock.until('both to be verified', () => verified(engine));
});

test('a claim is let go once a file is sent, or taken out of the list', async () => {
  const { clock, ports } = prepare();
  const held = new Set<string>();
  const engine = createEngine({
    ...ports,
    claims: {
      take: async ({ path }) => {
        held.add(path);
        return () => held.delete(path);
      },
    },
  });
  const [, second] = engine.add([modelFile('sent', 20), modelFile('removed', 500)]);
  engine.start();
  await clock.until('both to be claimed', () => held.size === 2);
  await clock.until('the first to be sent', () => phases(engine)[0] === 'verifying');
  await clock.until('its claim to go', () => !held.has('sent'));
  expect(held.has('removed')).toBe(true);
  engine.remove(second ?? 0);
  await clock.until('the other claim to go', () => held.size === 0);
});

test('a file that alone is paused sends nothing, and the others do not wait for it', async () => {
  const { clock, world, engine } = prepare();
  const [held] = engine.add([modelFile('held', 500), modelFile('other', 50)]);
  engine.start();
  await clock.until('a part', () => (world.uploads.get('upload-1')?.parts.length ?? 0) > 0);
  engine.pauseFile(held ?? 0);
  await clock.until('the other file', () => phases(engine)[1] === 'ended');
  const parts = world.uploads.get('upload-1')?.parts.length;
  expect(parts).toBeLessThan(50);
  expect(phases(engine)[0]).toBe('sending');
  engine.resumeFile(held ?? 0);
  await clock.until('both to be verified', () => verified(engine));
});

test('what is said of a file goes along with it', async () => {
  const { clock, ports } = prepare();
  const said: string[] = [];
  const engine = createEngine({
    ...ports,
    api: {
      ...ports.api,
      begin(file, ...rest) {
        said.push(file.caption);
        return ports.api.begin(file, ...rest);
      },
    },
  });
  const [id] = engine.add([modelFile('door', 20)]);
  engine.describe(id ?? 0, 'The back door');
  engine.start();
  await clock.until('it to be verified', () => verified(engine));
  expect(said).toEqual(['The back door']);
});
