import type { Case } from '../../domain/cases/case.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { UploadRequestId } from '../../domain/ids.ts';
import { linkToken } from '../../domain/link-token.ts';
import type { TestApi } from './api.ts';
import { buildCase, buildUser, unique } from './factories.ts';
import { type Guest, guestAt } from './guest.ts';
import { openLink } from './links.ts';
import { putPart } from './uploads.ts';

/** An upload request as a test uses it. */
export interface TestRequest {
  readonly id: UploadRequestId;
  readonly inCase: Case;
  readonly sender: User;
  readonly trustedUserId: string;
  readonly email: string;
}

/** A request to a new trusted user, for a new case unless one is given. */
export async function buildRequest(
  api: TestApi,
  options: {
    readonly sender?: User;
    readonly inCase?: Case;
    readonly fields?: readonly string[];
    readonly note?: string;
    readonly language?: 'en' | 'es' | 'fr';
  } = {},
): Promise<TestRequest> {
  const sender = options.sender ?? (await buildUser(api));
  const inCase =
    options.inCase ?? (await buildCase(api, { owner: sender, policeNumber: 'P-4711' }));
  const email = `${unique('shop')}@example.test`;
  const trusted = await api.post('/trusted-users', sender, {
    email,
    name: 'Corner Shop',
    language: options.language ?? 'en',
  });
  if (trusted.status !== 201) throw new Error(JSON.stringify(trusted.body));
  const request = await api.post(`/cases/${inCase.id}/upload-requests`, sender, {
    trustedUserId: trusted.body.id,
    fields: options.fields ?? ['police_number'],
    ...(options.note === undefined ? {} : { note: options.note }),
  });
  if (request.status !== 201) throw new Error(JSON.stringify(request.body));
  return { id: request.body.id, inCase, sender, trustedUserId: trusted.body.id, email };
}

/** `/u/` and the token of a request's link of a generation. */
export function requestPath(api: TestApi, id: UploadRequestId, generation = 1): string {
  return `/u/${linkToken(api.config.LINK_KEYS, id, generation)}`;
}

/** Opens the request's link that works now, and gives whoever did. */
export async function buildGuest(
  api: TestApi,
  request: Pick<TestRequest, 'id'>,
  generation = 1,
): Promise<Guest> {
  const path = requestPath(api, request.id, generation);
  return guestAt(api, `requests/${request.id}`, await openLink(api, { path }));
}

/** Sends a whole file in parts and does not complete it; gives the upload's id. */
export async function guestSend(
  guest: Guest,
  content: Buffer,
  fileName = 'cam3.mp4',
  fields: object = {},
): Promise<string> {
  const begun = await guest.post('/uploads', { fileName, size: content.length, ...fields });
  if (begun.status !== 201) throw new Error(`${begun.status}: ${JSON.stringify(begun.body)}`);
  const { id, partSize, partCount } = begun.body;
  for (let number = 1; number <= partCount; number += 1) {
    const addresses = await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [number] });
    if (addresses.status !== 200) throw new Error(JSON.stringify(addresses.body));
    const start = (number - 1) * partSize;
    await putPart(addresses.body.urls[0].url, content.subarray(start, start + partSize));
  }
  return id;
}

/** Sends a file and completes it: it waits for its verification. */
export async function guestUpload(
  guest: Guest,
  content: Buffer,
  fileName = 'cam3.mp4',
): Promise<string> {
  const id = await guestSend(guest, content, fileName);
  const answer = await guest.post(`/uploads/${id}/complete`);
  // 200 where a client asks again that had no answer, and the file is settled by now.
  if (![200, 202].includes(answer.status))
    throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return id;
}
