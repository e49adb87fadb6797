import { exactSize } from './exact-size.ts';
import { renderHtml } from './html.ts';

const plain = (bytes: number) =>
  renderHtml(exactSize('en', bytes)).replaceAll(/[\u00a0\u202f]/g, ' ');

test('a size that words round is told to the byte too, and one that they do not is told once', () => {
  expect(plain(60)).toBe('60 bytes');
  expect(plain(999)).toBe('999 bytes');
  expect(plain(1_000)).toBe('1 kB <span class="exact">(1,000 bytes)</span>');
});
