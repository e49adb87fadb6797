/** Values made wrong: of other types, too long, too deep, with what no text should have. */
import fc from 'fast-check';

/** Strings that have broken programs before. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202egnp.exe',
  "'; select pg_sleep(9); --",
  '%00',
  '{"$ne":1}',
  '../../etc/passwd',
  '\r\nSet-Cookie: a=b',
  '1e999',
  '0x1F',
  'x'.repeat(70_000),
  '0000-00-00T00:00:00.000Z',
  '00000000-0000-0000-0000-000000000000',
  '\u{1F46E}'.repeat(300),
] as const;

/** What stands where something else should. */
const wrong: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_TEXTS),
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, [], {}),
  fc.constantFrom<unknown>([null], [[]], { $ne: 1 }, { length: 1e9 }, [{ toString: 1 }]),
  fc.jsonValue(),
);

/** One thing that is done to a value somewhere inside it. */
interface Change {
  /** How far through the places of the value: 0 is the first, 1 the last. */
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'nest' | 'repeat';
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'nest', 'repeat'),
  value: wrong,
});

/** Values of an arbitrary, each made wrong in one place to three. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => changes.reduce(applied, value));
}

function applied(value: unknown, { at, how, value: other }: Change): unknown {
  const places = placesIn(value);
  const place = places[Math.floor(at * places.length * 0.999)];
  if (place === undefined) return other;
  const copy: unknown = structuredClone(value);
  const parent = place.slice(0, -1).reduce<unknown>((inside, key) => member(inside, key), copy);
  const key = place.at(-1) ?? '';
  if (typeof parent !== 'object' || parent === null) return other;
  switch (how) {
    case 'replace':
      put(parent, key, other);
      return copy;
    case 'remove':
      Reflect.deleteProperty(parent, key);
      return copy;
    case 'add':
      put(parent, '__proto__', other);
      put(parent, 'organizationId', other);
      return copy;
    case 'nest':
      put(parent, key, nested(200));
      return copy;
    case 'repeat':
      put(parent, key, repeated(member(parent, key)));
      return copy;
    default:
      return how satisfies never;
  }
}

/** As a property of its own, whatever its name is. */
function put(parent: object, key: string, value: unknown): void {
  Object.defineProperty(parent, key, {
    value,
    ...{ enumerable: true, configurable: true, writable: true },
  });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** As often as a server reads at all: beyond that it hangs up. */
function repeated(value: unknown): unknown[] {
  const size = JSON.stringify(value)?.length ?? 1;
  return Array.from({ length: Math.min(2_000, Math.ceil(1_500_000 / size)) }, () => value);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** The ways to what is inside a value, not too deep: what was made deep is left alone. */
function placesIn(value: unknown, depth = 6): string[][] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([key, inside]) => [
    [key],
    ...placesIn(inside, depth - 1).map((rest) => [key, ...rest]),
  ]);
}

/** Bytes that are no JSON, or JSON of a kind that nobody sends, made from what would be right. */
export function broken(values: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const text = values.map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  return fc
    .tuple(text, fc.constantFrom('cut', 'bytes', 'mark', 'deep', 'number', 'word', 'empty'))
    .map(([bytes, how]) => {
      switch (how) {
        case 'cut':
          return bytes.subarray(0, Math.floor(bytes.length / 2));
        case 'bytes':
          return Buffer.concat([
            Buffer.from('{"title":"'),
            Buffer.from([0xff, 0xfe, 0xc0]),
            Buffer.from('"}'),
          ]);
        case 'mark':
          return Buffer.concat([Buffer.from('\ufeff'), bytes]);
        case 'deep':
          return Buffer.from('['.repeat(20_000) + ']'.repeat(20_000));
        case 'number':
          return Buffer.from('{"size":1e999,"durationDays":1e999,"name":123456789012345678901}');
        case 'word':
          return Buffer.from('"word"');
        default:
          return Buffer.from('');
      }
    });
}
