/** A trusted user is asked for evidence, sends some, and the request is closed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadClient } from './load.ts';
import { makeCase } from './load-case.ts';
import { firstToken, openToken } from './load-guest.ts';
import { sendFile, untilVerified } from './load-upload.ts';

export async function askTrustedUser(client: LoadClient): Promise<void> {
  const { calls, owner, random, marker } = client;
  const { id: caseId } = await makeCase(client);
  const email = `${marker('shop')}@example.test`;
  const trusted = await calls.act(
    { name: 'trusted-user.add', marker: email },
    { method: 'POST', path: '/api/v1/trusted-users', as: owner, body: { email, name: 'Shop' } },
  );
  const note = marker('note');
  const request = await calls.act(
    { name: 'request.create', marker: note },
    {
      method: 'POST',
      path: `/api/v1/cases/${caseId}/upload-requests`,
      as: owner,
      body: { trustedUserId: trusted.body.id, note },
    },
  );
  const { id } = request.body;
  if (random(2) === 0) {
    // A reminder falls due; often the request is closed while it is on its way.
    await client.letDaysPass(id, REMINDED_AFTER);
    await pause(random(4_000));
    if (random(2) === 0) return close(client, id);
  }
  const cookie = await openToken(client, 'u', firstToken(id));
  const place = { path: `/guest/v1/requests/${id}/uploads`, as: { cookie } };
  const file = await sendFile(client, place);
  if (random(2) === 0) await untilVerified(client, place, [file]);
  if (random(4) > 0) await close(client, id);
}

/** Days without a file after which a trusted user is reminded, and some. */
const REMINDED_AFTER = 5;

async function close({ calls, owner }: LoadClient, id: string): Promise<void> {
  await calls.act(
    { name: 'request.close', entity: id },
    { method: 'POST', path: `/api/v1/upload-requests/${id}/close`, as: owner, body: {} },
  );
}
