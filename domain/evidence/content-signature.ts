/** What the first bytes of a file say that it is: for refusing what its name does not say. Pure. */
import { extensionOf } from './file-name.ts';

/** Bytes from the beginning of a file that are looked at. */
export const HEAD_BYTES = 4_096;

/** A kind of file as its first bytes show it, and the extensions of such files. */
interface Signature {
  readonly extensions: readonly string[];
  readonly matches: (head: Buffer) => boolean;
}

/** Formats that begin with certain bytes, at an offset where one is named. */
function starts(extensions: readonly string[], bytes: string | readonly number[], offset = 0) {
  const wanted = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
  const matches = (head: Buffer) => head.subarray(offset, offset + wanted.length).equals(wanted);
  return { extensions, matches };
}

const OFFICE = ['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp'];

/** Programs first: what runs must not come in under another name. */
const SIGNATURES: readonly Signature[] = [
  // A DOS header is not text: a file that merely begins with the letters MZ is no program.
  {
    extensions: ['exe', 'dll', 'scr', 'sys', 'com'],
    matches: (head) => head.toString('latin1', 0, 2) === 'MZ' && head.subarray(0, 64).includes(0),
  },
  starts(['elf', 'so', 'bin'], [0x7f, 0x45, 0x4c, 0x46]),
  starts(['dylib', 'macho'], [0xcf, 0xfa, 0xed, 0xfe]),
  starts(['dylib', 'macho'], [0xce, 0xfa, 0xed, 0xfe]),
  starts(['class', 'dylib'], [0xca, 0xfe, 0xba, 0xbe]),
  starts(['lnk'], [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00]),
  starts(['wasm'], [0x00, 0x61, 0x73, 0x6d]),
  starts(['deb', 'a'], '!<arch>\n'),
  starts(['rpm'], [0xed, 0xab, 0xee, 0xdb]),
  starts(['chm'], 'ITSF'),
  starts(['swf'], 'FWS'),
  starts(['swf'], 'CWS'),
  // "#!AMR" is sound, not a script.
  { extensions: ['sh'], matches: (head) => /^#! ?\//.test(head.toString('latin1', 0, 4)) },
  { extensions: ['html', 'htm'], matches: (head) => MARKUP.test(beginning(head)) },
  {
    extensions: ['svg'],
    matches: (head) => /^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]/is.test(beginning(head)),
  },
  starts(['jpg', 'jpeg', 'jfif'], [0xff, 0xd8, 0xff]),
  starts(['png'], [0x89, 0x50, 0x4e, 0x47]),
  starts(['gif'], 'GIF8'),
  starts(['pdf'], '%PDF-'),
  starts(['zip', 'kmz', 'jar', 'apk', ...OFFICE], 'PK\x03\x04'),
  starts(['rar'], 'Rar!\x1a\x07'),
  starts(['7z'], [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  starts(['mp4', 'm4v', 'm4a', 'mov', '3gp', '3g2', 'heic', 'heif', 'cr3', 'caf'], 'ftyp', 4),
  starts(['mkv', 'webm'], [0x1a, 0x45, 0xdf, 0xa3]),
];

const MARKUP = /^<(!doctype\s+html|html|head|body|script|iframe)[\s>]/i;

/** The beginning as text, after a byte order mark and white space. */
function beginning(head: Buffer): string {
  return head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
}

/** Text may hold what looks like a page or a script: a log, a mail, a document about one. */
const TEXTUAL = new Set(['txt', 'log', 'md', 'csv', 'tsv', 'eml', 'xml', 'json', 'rtf']);

/**
 * What a file is by its first bytes, where that is a type which is not taken; null where it is taken, or
 * not known. The names of two types that are both taken may be mixed up: real evidence often has it so.
 *
 * @param supported extensions that are taken, in lower case
 */
export function unsupportedContent(
  fileName: string,
  head: Buffer,
  supported: readonly string[],
): string | null {
  const found = SIGNATURES.find(({ matches }) => matches(head));
  if (found === undefined) return null;
  const [name = ''] = found.extensions;
  if (TEXTUAL.has(extensionOf(fileName)) && ['sh', 'html', 'svg'].includes(name)) return null;
  return found.extensions.some((extension) => supported.includes(extension)) ? null : name;
}
