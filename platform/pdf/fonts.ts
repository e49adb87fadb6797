/** Fonts that are embedded into documents: together they have the scripts that names are written in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

/** The fonts in the order in which they are asked for a character, each with the file of its package. */
const FILES = {
  latin: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  arabic: '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  hebrew: '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
  thai: '@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf',
  chinese: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  korean: '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf',
} as const;
export type FontName = keyof typeof FILES;

/** Latin, Greek, Cyrillic and Devanagari come first; the large ones last. */
const ORDER = ['latin', 'arabic', 'hebrew', 'thai', 'chinese', 'korean'] as const;

const opened = new Map<FontName, Font>();

/** A font, read once by a process: what it says of its script is read lazily, and is slow. */
export function openFont(name: FontName): Font {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const font = create(readFileSync(fileURLToPath(import.meta.resolve(FILES[name]))));
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${FILES[name]} holds several fonts`);
  // A glyph keeps the character that it was first asked for as: asked for first as a piece of another
  // glyph, when that is embedded, it would stand for none, and no reader could find it in a document.
  for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
  opened.set(name, font);
  return font;
}

/** Whether a font has this character. */
export function hasCharacter(name: FontName, codePoint: number): boolean {
  return openFont(name).hasGlyphForCodePoint(codePoint);
}

/** The first font that has this character; null where none has. */
export function fontWith(codePoint: number): FontName | null {
  return ORDER.find((name) => hasCharacter(name, codePoint)) ?? null;
}
