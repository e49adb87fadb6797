import { z } from 'zod';
import type { Fault } from '../domain/errors.ts';

/** Every fault that zod found, each where it is; unknown fields are named one by one. */
export function faultsOf(
  error: z.ZodError | undefined,
  pointerOf: (path: readonly string[]) => string,
): Fault[] {
  return (error?.issues ?? []).flatMap((issue): Fault[] => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: pointerOf([...path, key]),
        detail: 'This field is not known.',
      }));
    }
    return [{ pointer: pointerOf(path), detail: issue.message }];
  });
}

/** Control characters, but for the line breaks and tabs that a longer text may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_OR_BREAK = /[\u0000-\u001f\u007f]/;

/** Text that UTF-8 can hold: PostgreSQL's JSON refuses half a surrogate pair. */
export const wellFormed = [
  (value: string) => value.isWellFormed(),
  'Must be well-formed Unicode.',
] as const;

/** One line of text, trimmed, in NFC, without control characters; lengths are in characters. */
export function line(maximum: number) {
  return z
    .string()
    .trim()
    .refine(...wellFormed)
    .normalize('NFC')
    .min(1, 'Must not be empty.')
    .max(maximum, `At most ${maximum} characters.`)
    .refine(
      (value) => !CONTROL_OR_BREAK.test(value),
      'Must be one line without control characters.',
    );
}

/** Text of several lines. */
export function text(maximum: number) {
  return z
    .string()
    .refine(...wellFormed)
    .normalize('NFC')
    .max(maximum, `At most ${maximum} characters.`)
    .refine((value) => !CONTROL.test(value), 'Must not have control characters.');
}

export const instant = z.iso
  .datetime({
    offset: true,
    error: 'Must be an instant in ISO 8601, such as 2026-01-31T08:15:00.000Z.',
  })
  .transform((value) => new Date(value))
  .refine(
    (value) => value.getUTCFullYear() >= 1900 && value.getUTCFullYear() <= 9998,
    'Must be in the years 1900 to 9998.',
  );

/** A day, such as 2026-01-31. */
export const day = z.iso
  .date('Must be a day, such as 2026-01-31.')
  .refine((value) => value >= '1900-01-01' && value <= '9998-12-31', {
    error: 'Must be in the years 1900 to 9998.',
  });

/** A query parameter that says yes or no. */
export const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A UUID of a branded type; what it names is looked up, and is a 404 where it is not there. */
export function id<T extends string>() {
  return z.uuid('Must be a UUID.').transform((value) => value.toLowerCase() as T);
}

/** Tags, each once; long enough for what copies carry in tags: `NAME: value` of custom metadata. */
export const tags = z
  .array(line(1_200))
  .max(1_000)
  .transform((values) => [...new Set(values)]);

/** A user or a group, as members of cases and access lists name them. */
export const principal = z.strictObject({ type: z.enum(['user', 'group']), id: id<string>() });
export const principalView = z.object({ type: z.enum(['user', 'group']), id: z.uuid() });
