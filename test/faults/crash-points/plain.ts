/** Rows and texts without what differs between two runs of the same life: ids, instants, chance. */

/** Names for ids, where they have one. */
export type Names = ReadonlyMap<string, string>;

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g;
const INSTANT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?/g;
/** What `unique` of the factories makes. */
const UNIQUE = /-[\da-f]{8}\b/g;
const BYTES = /^\\x[\da-f]*$/;
/** What a notification has where its link will stand. */
const PLACEHOLDER = /\bsecret-[\da-f]{32}\b/g;
/** Members that are made of ids and instants, or say how many events came before. */
const DERIVED = ['etag', 'hash', 'audit'];

/** A value of JSON as plain as it can be. */
export function plain(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return plainText(value, names);
  if (Array.isArray(value)) return value.map((item) => plain(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      plainText(key, names),
      DERIVED.includes(key) ? '<derived>' : plain(item, names),
    ]),
  );
}

/** The same of a text. */
export function plainText(text: string, names: Names): string {
  if (BYTES.test(text)) return '<bytes>';
  return text
    .replaceAll(UUID, (id) => names.get(id) ?? '<id>')
    .replaceAll(INSTANT, '<instant>')
    .replaceAll(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replaceAll(PLACEHOLDER, '<placeholder>')
    .replaceAll(UNIQUE, '-<unique>');
}
