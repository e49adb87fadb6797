import { scryptSync } from 'node:crypto';
import { hashPassphrase, verifyPassphrase } from './passphrase.ts';

test('a passphrase is known again, whatever Unicode form a keyboard gives it', async () => {
  const stored = await hashPassphrase('Ünïcode ﬁne 1');
  expect(await verifyPassphrase('Ünïcode ﬁne 1'.normalize('NFD'), stored)).toBe(true);
  expect(await verifyPassphrase('Ünïcode fine 1', stored)).toBe(true);
});

test('another passphrase is refused, the empty one and a longer one too', async () => {
  const stored = await hashPassphrase('correct horse');
  for (const other of ['', 'correct hors', 'correct horse ', 'Correct horse', stored]) {
    expect(await verifyPassphrase(other, stored)).toBe(false);
  }
});

test('the same passphrase is never stored the same way twice, and says how it was made', async () => {
  const [one, other] = await Promise.all([hashPassphrase('same'), hashPassphrase('same')]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
});

test('a hash that was made at other costs is still verified', async () => {
  const salt = Buffer.alloc(16);
  const key = scryptSync('old', salt, 32, { N: 1024, r: 8, p: 1 });
  const stored = `$scrypt$ln=10,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
  expect(await verifyPassphrase('old', stored)).toBe(true);
  expect(await verifyPassphrase('new', stored)).toBe(false);
});

test('what is no hash is an error and no refusal', async () => {
  await expect(verifyPassphrase('x', 'plain text')).rejects.toThrow('not a hash');
});
