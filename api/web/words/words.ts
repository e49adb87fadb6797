import type { en } from './en.ts';

/** The same keys, in any language. */
export type Worded<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : T extends readonly string[]
      ? readonly string[]
      : { readonly [Key in keyof T]: Worded<T[Key]> };

/** Everything that the uploader says in one language. */
export type Words = Worded<typeof en>;
