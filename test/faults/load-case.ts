import type { LoadClient } from './load.ts';
import { type SentFile, sendFile } from './load-upload.ts';

/** A case of the client's with a few files, which are being verified. */
export async function makeCase(
  client: LoadClient,
): Promise<{ readonly id: string; readonly files: readonly SentFile[] }> {
  const { calls, owner, random, marker } = client;
  const caseNumber = marker('2026');
  const made = await calls.act(
    { name: 'case.create', marker: caseNumber },
    {
      method: 'POST',
      path: '/api/v1/cases',
      as: owner,
      body: { caseNumber, title: 'Burglary, Mill Road' },
    },
  );
  const { id } = made.body;
  const files: SentFile[] = [];
  for (let count = 1 + random(2); count > 0; count -= 1) {
    files.push(await sendFile(client, { ...STAFF_UPLOADS, as: owner, fields: { caseId: id } }));
  }
  return { id, files };
}

/** Where staff send files. */
export const STAFF_UPLOADS = { path: '/api/v1/evidence/uploads' };
