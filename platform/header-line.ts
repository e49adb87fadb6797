/** One line of a mail's header: line breaks in a name must not become headers of their own. */
export function headerLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
