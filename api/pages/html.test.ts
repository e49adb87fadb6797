import fc from 'fast-check';
import { html, renderHtml } from './html.ts';

test('values are escaped, pieces of HTML are not, and nothing is shown of nothing', () => {
  const inner = html`<b>${'<&>'}</b>`;
  const page = html`<p title="${`"'`}">${inner}${[inner, 1]}${null}${undefined}${false}</p>`;
  expect(renderHtml(page)).toBe(
    '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b><b>&lt;&amp;&gt;</b>1</p>',
  );
});

test('no text makes a tag or leaves an attribute', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'<>&"\'=/a ', '\u0000', '\u2028') }),
      (text) => {
        const rendered = renderHtml(html`${text}`);
        expect(rendered).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      },
    ),
  );
});
