/** Text as it is drawn: cut into runs of one font, and a line's runs in the order in which they are seen. */
import bidiModule, { type Bidi } from 'bidi-js';
import { type FontName, fontWith, hasCharacter } from './fonts.ts';

// Its types speak of an ES module, and what Node imports of it is CommonJS: the function itself.
const bidi = (bidiModule as unknown as () => Bidi)();

/** A piece of text that one font draws, in one direction. */
export interface Run {
  readonly text: string;
  readonly font: FontName;
}

/** What belongs to no script of its own: spaces, digits, punctuation, combining marks. */
const NEUTRAL = /^[\p{Script=Common}\p{Script=Inherited}]$/u;

/** Words that run from right to left stay one run with the spaces between them, or they change places. */
const KEEPS_NEUTRALS: ReadonlySet<FontName> = new Set(['arabic', 'hebrew']);

/**
 * Text without what no font can draw: such a character is named by its number, so that nothing is lost
 * and nothing looks like something else. Control characters and line breaks become spaces.
 */
export function drawable(text: string): string {
  const spaced = text.normalize('NFC').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return [...spaced]
    .map((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      // Marks of direction and joining have no glyph of their own; the layout takes them in.
      if (/\p{Cf}/u.test(character)) return '';
      if (fontWith(codePoint) !== null) return character;
      return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
    })
    .join('');
}

/** The runs of one line of drawable text, from left to right; each keeps its text in reading order. */
export function visualRuns(line: string, base: FontName): Run[] {
  if (line === '') return [];
  const embedding = bidi.getEmbeddingLevels(line);
  const { levels } = embedding;
  const mirrored = bidi.getMirroredCharactersMap(line, levels);
  const fonts = fontsOf(line, base);
  const runs: (Run & { readonly level: number })[] = [];
  let start = 0;
  for (let end = 1; end <= line.length; end += 1) {
    const goesOn =
      end < line.length && fonts[end] === fonts[start] && levels[end] === levels[start];
    if (goesOn) continue;
    const units = line.slice(start, end).split('');
    // Brackets open the other way where text runs from right to left.
    const text = units.map((unit, index) => mirrored.get(start + index) ?? unit).join('');
    runs.push({ text, font: fonts[start] ?? base, level: levels[start] ?? 0 });
    start = end;
  }
  return reordered(runs).map(({ text, font }) => ({ text, font }));
}

/** The font of each UTF-16 unit. */
function fontsOf(line: string, base: FontName): FontName[] {
  const fonts: FontName[] = [];
  let before: FontName = base;
  for (const character of line) {
    const codePoint = character.codePointAt(0) ?? 0;
    const keeps =
      KEEPS_NEUTRALS.has(before) && NEUTRAL.test(character) && hasCharacter(before, codePoint);
    const font = keeps
      ? before
      : hasCharacter(base, codePoint)
        ? base
        : (fontWith(codePoint) ?? base);
    for (let unit = 0; unit < character.length; unit += 1) fonts.push(font);
    before = font;
  }
  return fonts;
}

/** Rule L2 of the Unicode Bidirectional Algorithm, over runs: from the highest level down, each sequence turns. */
function reordered<T extends { readonly level: number }>(runs: readonly T[]): T[] {
  const ordered = [...runs];
  const highest = Math.max(...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) {
    let start = 0;
    while (start < ordered.length) {
      let end = start;
      while (end < ordered.length && (ordered[end]?.level ?? 0) >= level) end += 1;
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = Math.max(end, start + 1);
    }
  }
  return ordered;
}
