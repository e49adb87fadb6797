/** The lines that download a package in a shell, as they are printed and pasted. */

/** Lines for each program: the link, its exchange for a cookie, and the download, which can be run again. */
export interface DownloadLines {
  readonly curl: readonly string[];
  readonly wget: readonly string[];
  readonly aria2c: readonly string[];
}

/**
 * @param address of the package, with its file name at the end; safe in a shell as it stands
 * @param asked what the reader puts in: the link and, where the link asks for one, the passphrase
 */
export function downloadLines(
  { namedAddress: address }: { readonly namedAddress: string },
  asked: { readonly link: string; readonly passphrase: string | null },
): DownloadLines {
  const link = `LINK=${shellQuoted(asked.link)}`;
  const field = asked.passphrase === null ? '' : `passphrase=${asked.passphrase}`;
  const exchange =
    field === ''
      ? 'curl -f -c jar -X POST "$LINK"'
      : `curl -f -c jar --data-urlencode ${shellQuoted(field)} "$LINK"`;
  const name = address.slice(address.lastIndexOf('/') + 1);
  return {
    curl: [link, exchange, `curl -f -b jar -C - -O ${address}`],
    wget: [
      link,
      `wget -nv --save-cookies=jar --keep-session-cookies --post-data='${field.replaceAll("'", "'\\''")}' -O /dev/null "$LINK"`,
      `wget --load-cookies=jar -c ${address}`,
    ],
    aria2c: [
      link,
      exchange,
      // curl marks what pages may not read in a way that aria2c takes for a comment.
      "sed 's/^#HttpOnly_//' jar > cookies",
      `aria2c --load-cookies=cookies -c -x 4 --file-allocation=none -o ${name} ${address}`,
    ],
  };
}

/** A text as one word of a POSIX shell. */
export function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
