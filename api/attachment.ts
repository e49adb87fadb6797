/**
 * A `Content-Disposition` that makes browsers save a file under a name of any script (RFC 6266). A name
 * that ASCII has no safe form of is given twice: as near as letters, digits and `._-` come to it, and
 * in UTF-8 (RFC 8187).
 * @param stem what the first form is called where nothing of the name is left in it
 */
export function attachment(name: string, stem = 'file'): string {
  const wellFormed = name.toWellFormed();
  const ascii = asciiName(wellFormed, stem);
  const plain = `attachment; filename="${ascii}"`;
  if (ascii === wellFormed) return plain;
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${plain}; filename*=UTF-8''${encoded}`;
}

/**
 * A name in letters, digits and `._-` only, safe in headers, addresses and shells.
 * @param stem stands for what comes before the extension where nothing of it is left
 */
export function asciiName(name: string, stem = 'file'): string {
  const [, before = '', extension = ''] = /^(.*?)(\.[A-Za-z0-9]+)?$/s.exec(name) ?? [];
  const letters = before.normalize('NFKD').replace(/\p{M}+/gu, '');
  const plain = letters.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^[._-]+/, '_');
  return `${/[A-Za-z0-9]/.test(plain) ? plain : stem}${extension}`;
}
