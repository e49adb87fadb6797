/** How a certificate looks: on paper, on a desk, on a phone. Part of format version 2's bytes. */
export const CERTIFICATE_STYLE = `
:root { color-scheme: light; --line: #b9c2cd; --quiet: #4c5a6b; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #17202c; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; break-after: avoid; }
p { margin: 0 0 .75rem; max-width: 46rem; }
code { font: .85em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
dl { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem; margin: 0; }
dl div { padding: .5rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
dt, thead th { color: var(--quiet); font-size: .85rem; font-weight: 400; }
dd { margin: 0; }
.position { padding: .6rem .8rem; border: 1px solid var(--line); max-width: none; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .92rem; }
th, td { padding: .35rem .6rem .35rem 0; text-align: start; vertical-align: top; font-weight: 400; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
th:nth-child(1) { width: 4.2rem; }
thead th:nth-child(2) { width: 22%; }
thead th:nth-child(5) { width: 10rem; }
th:nth-child(5), td:nth-child(5) { padding-inline-end: 0; text-align: end; white-space: nowrap; }
tbody { border-bottom: 1px solid var(--line); break-inside: avoid; }
td[colspan] { padding-top: 0; padding-inline-start: 4.2rem; color: var(--quiet); }
@media screen and (max-width: 44rem) {
dl { grid-template-columns: minmax(0, 1fr); }
table, tbody, tr, th, td { display: block; width: auto; }
thead { display: none; }
tbody { padding: .6rem 0; }
tbody th, td, td:nth-child(5), td[colspan] { padding: .1rem 0; text-align: start; }
tbody th:nth-child(1) { width: auto; color: var(--quiet); }
tr:first-child th::before { content: "No. "; }
tr:first-child td:nth-child(3)::before { content: "Original file name: "; color: var(--quiet); }
tr:first-child td:nth-child(4)::before { content: "File in this package: "; color: var(--quiet); }
td:nth-child(5)::before { content: "Bytes: "; color: var(--quiet); }
}
@media print {
@page { margin: 15mm; }
html { font-size: 9.5pt; }
main { max-width: none; padding: 0; }
thead { display: table-header-group; }
}
`;
