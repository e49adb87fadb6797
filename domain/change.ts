import { isDeepStrictEqual } from 'node:util';

/** Some of an object's fields, as a PATCH names them: one that is absent stays as it is. */
export type Change<T> = { readonly [Field in keyof T]?: T[Field] | undefined };

/** The fields that a change names. */
export function named<T extends object>(change: Change<T>): Partial<T> {
  const fields = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as Partial<T>;
}

/** The fields that a change names and that are to be other than they are now. */
export function differing<T extends object>(
  change: Change<T>,
  now: { readonly [Field in keyof T]?: T[Field] | null | undefined },
): Partial<T> {
  const fields = Object.entries(named(change)).filter(
    ([field, value]) => !isDeepStrictEqual(value, now[field as keyof T] ?? null),
  );
  return Object.fromEntries(fields) as Partial<T>;
}

/**
 * When something was changed last, if it is changed now: later than the change before in any case, so
 * that a row whose only change lies in other tables counts its version up all the same.
 */
export function changedAfter(last: Date): Date {
  return new Date(Math.max(Date.now(), last.getTime() + 1));
}
