/** A case is copied to a partner. */
import type { LoadClient } from './load.ts';
import { makeCase, STAFF_UPLOADS } from './load-case.ts';
import { untilVerified } from './load-upload.ts';

export async function shareCopyOfCase(client: LoadClient): Promise<void> {
  const { calls, owner, partner, receiver, marker } = client;
  const { id: caseId, files } = await makeCase(client);
  await untilVerified(client, { ...STAFF_UPLOADS, as: owner }, files);
  const message = marker('message');
  await calls.act(
    { name: 'copy.create', marker: message },
    {
      method: 'POST',
      path: `/api/v1/cases/${caseId}/shares`,
      as: owner,
      body: {
        method: 'copy',
        partnerOrganizationId: partner.id,
        recipients: [{ type: 'user', id: receiver.id }],
        scope: { type: 'entire_case' },
        message,
      },
    },
  );
}
