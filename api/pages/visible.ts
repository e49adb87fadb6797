/**
 * A name with its invisible characters shown by number: controls, and those that turn the direction of
 * what follows. The joiners stay, since scripts need them.
 */
export function visible(name: string): string {
  return name
    .toWellFormed()
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}
