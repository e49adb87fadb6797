import { contentTypeOf } from './content-type.ts';
import { previewType, requirePreviewType } from './preview.ts';

test.each([
  ['image/jpeg', 'image/jpeg'],
  ['IMAGE/PNG', 'image/png'],
  ['video/mp4; codecs="avc1.42E01E"', 'video/mp4'],
  [' audio/mpeg ', 'audio/mpeg'],
])('%s is shown as %s', (contentType, shown) => {
  expect(previewType(contentType)).toBe(shown);
  expect(requirePreviewType(contentType)).toBe(shown);
});

test.each([
  'image/svg+xml',
  'text/html',
  'application/xhtml+xml',
  'application/pdf',
  'text/xml',
  'application/javascript',
  'image/svg+xml; x=image/png',
  'multipart/x-mixed-replace',
  'image/png\r\nX: y',
  'image/png, text/html',
  '',
])('%j has no preview', (contentType) => {
  expect(previewType(contentType)).toBeNull();
  expect(() => requirePreviewType(contentType)).toThrow('file-type-not-supported');
});

test.each(['jpg', 'png', 'gif', 'webp', 'mp4', 'mov', 'mkv', 'webm', 'mp3', 'wav', 'ogg', 'flac'])(
  'a file named .%s has a preview',
  (extension) => {
    expect(previewType(contentTypeOf(`cam3.${extension}`))).not.toBeNull();
  },
);
