import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Costs of a new hash: 32 MiB of memory, three passes (OWASP Password Storage, scrypt). */
const COSTS = { logN: 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

const STORED = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** A passphrase as it is stored: `$scrypt$ln=…,r=…,p=…$salt$key`, salt and key in base64url. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(passphrase, salt, KEY_BYTES, COSTS);
  const { logN, r, p } = COSTS;
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether a passphrase is the one that was stored, in a time that does not tell how nearly.
 * @throws Error where the stored text is no hash of ours
 */
export async function verifyPassphrase(passphrase: string, stored: string): Promise<boolean> {
  const [match, logN, r, p, salt = '', key = ''] = STORED.exec(stored) ?? [];
  if (match === undefined) throw new Error('the stored passphrase is not a hash');
  const expected = Buffer.from(key, 'base64url');
  const costs = { logN: Number(logN), r: Number(r), p: Number(p) };
  const given = await derive(passphrase, Buffer.from(salt, 'base64url'), expected.length, costs);
  return timingSafeEqual(given, expected);
}

/** The same passphrase typed on another keyboard may come in another Unicode form. */
async function derive(
  passphrase: string,
  salt: Buffer,
  length: number,
  { logN, r, p }: typeof COSTS,
): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
