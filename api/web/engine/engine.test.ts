import fc from 'fast-check';
import {
  createUploadWorld,
  type Fate,
  modelFile,
  type UploadWorld,
} from '../../../test/support/upload-world.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { FileUnreadableError, ProblemError } from '../errors.ts';
import { createEngine, type Engine } from './engine.ts';
import type { EnginePorts } from './ports.ts';

const well = (): Fate => 'well';

function prepare(fate: () => Fate = well, random: () => number = () => 0.5) {
  const clock = createVirtualClock(random);
  const world = createUploadWorld(clock, fate);
  const ports: EnginePorts = { ...world, clock };
  return { clock, world, ports, engine: createEngine(ports) };
}

const phases = (engine: Engine) => engine.files().map(({ transfer }) => transfer.phase.type);
const hasEnded = (engine: Engine) => phases(engine).every((type) => type === 'ended');
const outcomes = (engine: Engine) =>
  engine
    .files()
    .map(({ transfer: { phase } }) => (phase.type === 'ended' ? phase.outcome : phase.type));

/** Every byte of a completed upload, in order, as its parts were cut. */
const contentOf = (world: UploadWorld, id: string) =>
  world.uploads.get(id)?.completed?.map(({ range }) => range);

function rangesOf(size: number): string[] {
  const starts = Array.from(
    { length: Math.max(1, Math.ceil(size / 10)) },
    (_, index) => index * 10,
  );
  return starts.map((start) => `${start}-${Math.min(start + 10, size)}`);
}

/** Something that a user, or the world, does while files are on their way. */
type Act = 'pause' | 'resume' | 'relieve' | 'reload' | 'nothing';

const fates = fc.constantFrom<Fate>(
  'well',
  'well',
  'request-lost',
  'answer-lost',
  'busy',
  'refused',
);
const acts = fc.constantFrom<Act>('pause', 'resume', 'relieve', 'reload', 'nothing', 'nothing');

async function run(
  sizes: readonly number[],
  troubles: readonly Fate[],
  done: readonly Act[],
  seed: readonly number[],
): Promise<{ world: UploadWorld; engine: Engine; clock: VirtualClock }> {
  const left = [...troubles];
  let turn = 0;
  const random = () => seed[turn++ % seed.length] ?? 0.5;
  const prepared = prepare(() => left.shift() ?? 'well', random);
  const { clock, world, ports } = prepared;
  const files = sizes.map((size, index) => modelFile(`folder/${index}`, size));
  const open = (engine: Engine) => {
    engine.add(files);
    engine.start();
    return engine;
  };
  let engine = open(prepared.engine);
  for (const act of done) {
    const soon = clock.now() + 300;
    clock.after(300, () => undefined);
    await clock.until('some time to pass', () => clock.now() >= soon || hasEnded(engine));
    switch (act) {
      case 'pause':
      case 'resume':
      case 'relieve':
        engine[act]();
        break;
      case 'reload':
        engine.dispose();
        engine = open(createEngine(ports));
        break;
      case 'nothing':
        break;
      default:
        act satisfies never;
    }
  }
  engine.resume();
  await clock.until('all files to end', () => hasEnded(engine));
  return { world, engine, clock };
}

const sizes = fc.array(fc.integer({ min: 0, max: 95 }), { minLength: 1, maxLength: 9 });
const seed = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), {
  minLength: 8,
  maxLength: 8,
});

test('whatever is lost, refused, paused or loaded anew, every file arrives whole and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fates, { maxLength: 120 }),
      fc.array(acts, { maxLength: 12 }),
      seed,
      async (fileSizes, troubles, done, random) => {
        const { world, engine } = await run(fileSizes, troubles, done, random);
        expect(outcomes(engine)).toEqual(fileSizes.map(() => ({ type: 'verified' })));
        for (const [index, size] of fileSizes.entries()) {
          const verified = [...world.uploads.values()].filter(
            ({ path, state }) => path === `folder/${index}` && state === 'verified',
          );
          expect(verified.map(({ completions }) => completions)).toEqual([1]);
          expect(contentOf(world, verified[0]?.id ?? '')).toEqual(rangesOf(size));
        }
        expect(world.mostAtOnce).toBeLessThanOrEqual(6);
      },
    ),
    { numRuns: 150 },
  );
});

test('a part that the store has confirmed is not sent again, unless the page was loaded anew', async () => {
  const quiet = acts.filter((act) => act !== 'reload');
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fates, { maxLength: 80 }),
      fc.array(quiet, { maxLength: 8 }),
      seed,
      async (fileSizes, troubles, done, random) => {
        const { world } = await run(fileSizes, troubles, done, random);
        expect(world.sentAgain).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});

test('a file chosen again after the page was loaded anew goes on where it was', async () => {
  const { clock, world, ports, engine } = prepare();
  const file = modelFile('cam3.mp4', 200);
  engine.add([file]);
  engine.start();
  const stored = () => world.uploads.get('upload-1')?.parts.length ?? 0;
  await clock.until('some parts', () => stored() >= 8);
  engine.dispose();
  const before = stored();
  const anew = createEngine(ports);
  anew.add([file]);
  anew.start();
  await clock.until('the end', () => hasEnded(anew));
  expect(world.uploads.size).toBe(1);
  expect(stored() - before).toBeLessThanOrEqual(20 - before + 1);
  expect(contentOf(world, 'upload-1')).toEqual(rangesOf(200));
});

test('a file that cannot be read fails alone', async () => {
  const { clock, world, ports } = prepare();
  const engine = createEngine({
    ...ports,
    async sendPart(bytes, address, options) {
      if (address.url.startsWith('upload-2')) throw new FileUnreadableError();
      return ports.sendPart(bytes, address, options);
    },
  });
  engine.add([modelFile('a', 50), modelFile('b', 50), modelFile('c', 50)]);
  engine.start();
  await clock.until('the end', () => hasEnded(engine));
  expect(outcomes(engine)).toMatchObject([
    { type: 'verified' },
    { type: 'failed', failure: { code: 'file-unreadable' } },
    { type: 'verified' },
  ]);
  expect(world.uploads.get('upload-2')?.completed).toBeNull();
});

test.each(['closed', 'superseded'])(
  'a link that is %s meanwhile stops everything',
  async (reason) => {
    const { clock, world, engine } = prepare();
    engine.add([modelFile('a', 500), modelFile('b', 50)]);
    engine.start();
    await clock.until('some parts', () => (world.uploads.get('upload-1')?.parts.length ?? 0) > 9);
    world.refusal = new ProblemError(410, { code: 'link-dead', reason });
    await clock.until('the end', () => hasEnded(engine));
    expect(engine.shut).toBe(reason);
    expect(outcomes(engine)).toMatchObject([
      { type: 'failed', failure: { code: reason } },
      { type: 'failed', failure: { code: reason } },
    ]);
  },
);

test('a link that has expired begins nothing, and finishes what was begun', async () => {
  const { clock, world, ports } = prepare();
  const expired = new ProblemError(410, { code: 'link-dead', reason: 'expired' });
  let isExpired = false;
  const engine = createEngine({
    ...ports,
    api: {
      ...world.api,
      begin: async (...given) => {
        if (isExpired) throw expired;
        return world.api.begin(...given);
      },
    },
  });
  engine.add([modelFile('begun', 100)]);
  engine.start();
  await clock.until('a part', () => (world.uploads.get('upload-1')?.parts.length ?? 0) > 0);
  isExpired = true;
  engine.add([modelFile('late', 10)]);
  engine.start();
  await clock.until('the end', () => hasEnded(engine));
  expect(outcomes(engine)).toMatchObject([
    { type: 'verified' },
    { type: 'failed', failure: { code: 'expired' } },
  ]);
  expect(engine.shut).toBeNull();
});

test('a file that the API refuses fails with its reason, and can be sent again', async () => {
  const { clock, world, engine } = prepare();
  world.refusal = new ProblemError(415, { code: 'file-type-not-supported', detail: 'No.' });
  const [id = 0] = engine.add([modelFile('a.xyz', 5)]);
  engine.start();
  await clock.until('the refusal', () => hasEnded(engine));
  expect(outcomes(engine)).toMatchObject([{ failure: { code: 'file-type-not-supported' } }]);
  world.refusal = null;
  engine.retry(id);
  await clock.until('the end', () => hasEnded(engine));
  expect(outcomes(engine)).toEqual([{ type: 'verified' }]);
});

test('a file that is removed on its way is given up', async () => {
  const { clock, world, engine } = prepare();
  const [id = 0] = engine.add([modelFile('a', 900)]);
  engine.start();
  await clock.until('a part', () => (world.uploads.get('upload-1')?.parts.length ?? 0) > 0);
  engine.remove(id);
  expect(engine.files()).toEqual([]);
  await clock.until('the end', () => world.uploads.get('upload-1')?.state === 'aborted');
});

test('an upload that was given up elsewhere is begun anew', async () => {
  const { clock, world, engine } = prepare();
  engine.add([modelFile('a', 300)]);
  engine.start();
  await clock.until('a part', () => (world.uploads.get('upload-1')?.parts.length ?? 0) > 3);
  await world.api.abort('upload-1');
  await clock.until('the end', () => hasEnded(engine));
  expect(outcomes(engine)).toEqual([{ type: 'verified' }]);
  expect(contentOf(world, 'upload-2')).toEqual(rangesOf(300));
});
