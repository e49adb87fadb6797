/** What routes to files of evidence have in common, for their descriptions. */
import type { ProblemCode } from '../../domain/errors.ts';

const BYTES = { contentType: '*/*' };

/** The answers of a route that ends in `sendFile`. */
export const FILE_ANSWERS = {
  200: { description: 'The whole file', ...BYTES },
  206: { description: 'The range asked for', ...BYTES },
  304: { description: 'The file that you have is this one' },
};

/** The problems of such a route. */
export const FILE_PROBLEMS = [
  'not-found',
  'permission-missing',
  'wrong-state',
  'precondition-failed',
  'range-not-satisfiable',
  'too-many-requests',
] as const satisfies ProblemCode[];

/** The conditions and ranges that such a route understands. */
export const FILE_DESCRIPTION =
  'With Range, If-Range, If-Match, If-None-Match and HEAD (RFC 9110).';

/** What a preview is, and what has none. */
export const PREVIEW_DESCRIPTION = `Images, video and audio as they are stored, to be shown in place; anything else is 415. Over the video of a copy draw the evidence's watermark: the file has none. ${FILE_DESCRIPTION}`;
