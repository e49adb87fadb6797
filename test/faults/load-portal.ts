/** A portal collects from a community member: invite, files, handing in. */
import type { LoadClient } from './load.ts';
import { firstToken, openToken } from './load-guest.ts';
import { type SentFile, sendFile, untilVerified } from './load-upload.ts';

export async function collectByPortal(client: LoadClient): Promise<void> {
  const { calls, owner, random, marker } = client;
  const title = marker('portal');
  const portal = await calls.act(
    { name: 'portal.create', marker: title },
    { method: 'POST', path: '/api/v1/portals', as: owner, body: { kind: 'individual', title } },
  );
  const email = `${marker('neighbour')}@example.test`;
  const invite = await calls.act(
    { name: 'invite.create', marker: email },
    {
      method: 'POST',
      path: `/api/v1/portals/${portal.body.id}/invites`,
      as: owner,
      body: { delivery: 'email', communityMember: { email } },
    },
  );
  const { id } = invite.body;
  const cookie = await openToken(client, 'i', firstToken(id));
  const place = { path: `/guest/v1/invites/${id}/uploads`, as: { cookie } };
  const files: SentFile[] = [];
  for (let count = 1 + random(2); count > 0; count -= 1) files.push(await sendFile(client, place));
  await untilVerified(client, place, files);
  await calls.act(
    { name: 'submission', entity: id },
    {
      method: 'POST',
      path: `/guest/v1/invites/${id}/submission`,
      as: { cookie },
      body: {},
    },
  );
}
