/**
 * What compares the files of an unpacked archive with `manifest-sha256.txt`, run in its top folder: no
 * line appears where every file is as it was shared. `README.txt` has them, so that a changed letter
 * here makes a new format version.
 */
export const VERIFY_COMMANDS = {
  linux: 'sha256sum --check --quiet manifest-sha256.txt',
  macos: 'shasum --algorithm 256 --check --quiet manifest-sha256.txt',
  /** For PowerShell. */
  windows: [
    'Get-Content -Encoding UTF8 manifest-sha256.txt | ForEach-Object {',
    `  $hash, $file = $_ -split '  ', 2`,
    '  if ((Get-FileHash -LiteralPath $file).Hash -ne $hash) { "CHANGED: $file" }',
    '}',
  ],
} as const;
