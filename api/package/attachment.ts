/**
 * A `Content-Disposition` that makes browsers save a file under a name of any script (RFC 6266): the
 * name in UTF-8 (RFC 8187), and for old clients in ASCII.
 */
export function attachment(name: string): string {
  const wellFormed = name.toWellFormed();
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${asciiName(wellFormed)}"; filename*=UTF-8''${encoded}`;
}

/** A name in letters, digits and `._-` only, safe in headers, addresses and shells. */
export function asciiName(name: string): string {
  const [, stem = '', extension = ''] = /^(.*?)(\.[A-Za-z0-9]+)?$/s.exec(name) ?? [];
  const letters = stem.normalize('NFKD').replace(/\p{M}+/gu, '');
  const plain = letters.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^[._-]+/, '_');
  return `${/[A-Za-z0-9]/.test(plain) ? plain : 'package'}${extension}`;
}
