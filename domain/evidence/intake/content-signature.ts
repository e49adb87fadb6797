/** What the first bytes of a file say that it is: for refusing what its name does not say. */
import { fileTypeFromBuffer, supportedExtensions } from 'file-type';
import { extensionOf } from '../uploads/file-name.ts';

/** Bytes from the beginning of a file that are looked at: what `file-type` asks for. */
export const HEAD_BYTES = 4_100;

/** What runs on somebody's machine, whatever the file is called. */
const PROGRAMS: ReadonlySet<string> = new Set(
  'exe elf macho class jar apk wasm deb rpm ar crx xpi swf chm lnk reg asar sh html svg'.split(' '),
);

/**
 * Types that are made of the same parts or stand for the same thing: of each row, one that is taken lets
 * in the others, since cameras and programs use their extensions freely.
 */
const FAMILIES: readonly (readonly string[])[] = [
  'mp4 m4v m4a m4b m4p f4v f4p f4b f4a mov 3gp 3g2 heic heif avif cr3 mj2',
  'mkv webm',
  'asf wmv wma',
  'ogg oga ogv ogm ogx opus spx',
  'mpg mpeg mp1 mp2 mp3 aac vob mts m2ts ts',
  'avi wav webp',
  'jpg jpeg jfif',
  'png apng',
  'tif tiff dng arw cr2 nef raw',
  'aif aiff',
  'zip kmz docx docm dotx xlsx xlsm xltx pptx pptm ppsx odt ods odp odg vsdx',
  'cfb doc xls ppt msg',
  'gz tgz tar.gz',
  'xml kml gpx',
].map((row) => row.split(' '));

/** Types that are told by so few bytes that a recorder's own format may well begin like them. */
const GUESSES: ReadonlySet<string> = new Set(
  'Z aac ac3 ace arj bmp cpio cur dmg ico jls jxl mp1 mp2 mp3 mts ps stl ttf'.split(' '),
);

/** Text may hold what looks like a page or a script: a log, a mail, a document about one. */
const TEXTUAL: ReadonlySet<string> = new Set('txt log md csv tsv eml xml json rtf'.split(' '));

/**
 * What a file is by its first bytes, where that is a type which is not taken; null where it is taken, or
 * not known. The names of two types that are both taken may be mixed up: real evidence often has it so.
 * Under a name that `file-type` knows nothing of, such as those of CCTV systems, only programs are told:
 * such a file may begin like anything.
 *
 * @param supported extensions that are taken, in lower case
 */
export async function unsupportedContent(
  fileName: string,
  head: Buffer,
  supported: readonly string[],
): Promise<string | null> {
  const extension = extensionOf(fileName);
  const found = await typeOf(head);
  if (found === null || isTaken(found, supported)) return null;
  if (TEXTUAL.has(extension)) return PROGRAMS.has(found) && !isText(found) ? found : null;
  const isKnown = familyOf(extension).some((member) => supportedExtensions.has(member));
  return isKnown || PROGRAMS.has(found) ? found : null;
}

async function typeOf(head: Buffer): Promise<string | null> {
  const text = textualType(head);
  if (text !== null) return text;
  // Bytes that make no sense are of no type: whoever made them so gets no further than with a new one.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found === undefined) return null;
  // Its two letters are not enough: a DOS header is not text.
  if (found.ext === 'exe' && !head.subarray(0, 64).includes(0)) return null;
  return GUESSES.has(found.ext) ? null : found.ext;
}

const MARKUP = /^<(!doctype\s+html|html|head|body|script|iframe)[\s>]/i;
const DRAWING = /^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]/is;

/** `file-type` leaves text to others. */
function textualType(head: Buffer): 'sh' | 'html' | 'svg' | null {
  const beginning = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  // "#!AMR" is sound, not a script.
  if (/^#! ?\//.test(beginning)) return 'sh';
  if (MARKUP.test(beginning)) return 'html';
  return DRAWING.test(beginning) ? 'svg' : null;
}

function isText(type: string): boolean {
  return type === 'sh' || type === 'html' || type === 'svg';
}

function isTaken(type: string, supported: readonly string[]): boolean {
  return familyOf(type).some((extension) => supported.includes(extension));
}

function familyOf(extension: string): readonly string[] {
  return FAMILIES.find((family) => family.includes(extension)) ?? [extension];
}
