/** A case is shared by a download link, which is used, extended and often revoked. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadClient } from './load.ts';
import { GivenUpError } from './load-calls.ts';
import { makeCase } from './load-case.ts';
import { downloadByLink } from './load-download.ts';
import { openToken } from './load-guest.ts';

export async function shareCaseByLink(client: LoadClient): Promise<void> {
  const { calls, owner, random } = client;
  const { id: caseId, files } = await makeCase(client);
  // A number that no other link has: links have no words of their own to be known by.
  const [seed, number] = client.marker('').split('-').slice(1).map(Number);
  const downloadLimit = (seed ?? 0) * 1_000 + (number ?? 0);
  const link = await calls.act(
    { name: 'link.create', marker: String(downloadLimit) },
    {
      method: 'POST',
      path: `/api/v1/cases/${caseId}/shares`,
      as: owner,
      body: {
        method: 'download_link',
        format: 'zip',
        scope: { type: 'entire_case' },
        durationDays: 30,
        downloadLimit,
        notifyOnFirstDownload: true,
      },
    },
  );
  const { id: shareId, link: address } = link.body;
  const token = String(address).split('/').at(-1) ?? '';
  await untilActive(client, shareId);
  const cookie = await openToken(client, 's', token);
  await downloadByLink(client, { shareId, cookie, files });
  await extend(client, shareId, 40 + random(300));
  if (random(2) === 0) {
    await calls.act(
      { name: 'share.revoke', entity: shareId },
      { method: 'POST', path: `/api/v1/shares/${shareId}/revoke`, as: owner, body: {} },
    );
  }
}

/** A link opens when all of its files are verified. */
async function untilActive({ calls, owner }: LoadClient, shareId: string): Promise<void> {
  for (let looks = 0; looks < 250; looks += 1) {
    const path = `/api/v1/shares/${shareId}`;
    const { body } = await calls.ask({ method: 'GET', path, as: owner });
    if (body.state === 'active') return;
    if (body.state !== 'preparing') throw new GivenUpError(`a link is ${body.state}`);
    await pause(400);
  }
  throw new GivenUpError(`link ${shareId} stays in preparation`);
}

/** Extends under the version that was read: what was done already is refused, not done again. */
async function extend(client: LoadClient, shareId: string, durationDays: number): Promise<void> {
  const { calls, owner } = client;
  const read = { method: 'GET', path: `/api/v1/shares/${shareId}`, as: owner } as const;
  const before = await calls.ask(read);
  const version = before.headers.get('ETag') ?? '';
  await calls.act(
    { name: 'link.extend', entity: shareId, expects: String(durationDays) },
    {
      method: 'PATCH',
      path: `/api/v1/shares/${shareId}`,
      as: owner,
      body: { durationDays },
      headers: { 'If-Match': version },
    },
    async () => {
      const { body } = await calls.ask(read);
      return Date.parse(body.expiresAt) > Date.now() + (durationDays - 1) * 24 * 3_600_000;
    },
  );
}
