/** Some of an object's fields, as a PATCH names them: one that is absent stays as it is. */
export type Change<T> = { readonly [Field in keyof T]?: T[Field] | undefined };

/** The fields that a change names. */
export function named<T extends object>(change: Change<T>): Partial<T> {
  const fields = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as Partial<T>;
}
