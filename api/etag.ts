/** The entity tag of a row's version: strong, since every change counts the version up. */
export function etagOf(version: number): string {
  return `"v${version}"`;
}
