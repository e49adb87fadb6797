import { tidyUploads } from '../../domain/evidence/intake/tidy-uploads.ts';
import { verifyUploads } from '../../domain/evidence/intake/verify-uploads.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { CaseId, EvidenceId, OrganizationId, UploadId } from '../../domain/ids.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import type { Caller, TestApi } from './api.ts';
import { buildCase, buildUser } from './factories.ts';

/** A file that a test sends. */
export interface SentFile {
  readonly content: Buffer;
  readonly caseId?: string;
  readonly fileName?: string;
  readonly title?: string;
  readonly sha256?: string;
}

export interface Begun {
  readonly id: UploadId;
  readonly partSize: number;
  readonly partCount: number;
}

/** A user, and a case of its own. */
export async function caseOfUser(
  api: TestApi,
): Promise<{ readonly user: User; readonly caseId: CaseId }> {
  const user = await buildUser(api);
  const { id: caseId } = await buildCase(api, { owner: user });
  return { user, caseId };
}

/** Begins an upload and sends nothing yet. */
export async function beginUpload(api: TestApi, as: Caller, file: SentFile): Promise<Begun> {
  const { content, ...fields } = file;
  const answer = await api.post('/evidence/uploads', as, {
    fileName: 'cam3.mp4',
    size: content.length,
    ...fields,
  });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Sends bytes as one part, to the address that the API gives for it; answers with the ETag. */
export async function sendPart(
  api: TestApi,
  as: Caller,
  uploadId: string,
  partNumber: number,
  bytes: Buffer,
): Promise<string> {
  const answer = await api.post(`/evidence/uploads/${uploadId}/part-urls`, as, {
    partNumbers: [partNumber],
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return putPart(answer.body.urls[0].url, bytes);
}

/** PUTs bytes to the address of a part. */
export async function putPart(url: string, bytes: Buffer): Promise<string> {
  const response = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the store answered ${response.status}`);
  return response.headers.get('ETag') ?? '';
}

/** Begins an upload and sends all of it, but does not complete it. */
export async function sendFile(api: TestApi, as: Caller, file: SentFile): Promise<Begun> {
  const begun = await beginUpload(api, as, file);
  for (let number = 1; number <= begun.partCount; number += 1) {
    const start = (number - 1) * begun.partSize;
    const part = file.content.subarray(start, start + begun.partSize);
    await sendPart(api, as, begun.id, number, part);
  }
  return begun;
}

/** Sends a file and completes it: it waits for its verification. */
export async function uploadFile(
  api: TestApi,
  as: Caller,
  file: SentFile,
): Promise<{ readonly id: UploadId; readonly evidenceId: EvidenceId }> {
  const { id } = await sendFile(api, as, file);
  const answer = await api.post(`/evidence/uploads/${id}/complete`, as, {});
  // 200 where a client asks again that had no answer, and the file is settled by now.
  if (![200, 202].includes(answer.status))
    throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return { id, evidenceId: answer.body.evidenceId };
}

/** A slice's control that nobody cancels. */
export function freely(): AbortSignal {
  return new AbortController().signal;
}

/** Lets the intake of a case, or of an organization, verify what waits, without a worker. */
export async function verifyNow(api: TestApi, entityId: string, now = new Date()): Promise<void> {
  await verifyUploads(api, workflowIdOf('evidence-intake', entityId), now, freely());
}

/** The same for what is to be removed from the store. */
export async function tidyNow(
  api: TestApi,
  entityId: string | OrganizationId,
  now = new Date(),
): Promise<void> {
  await tidyUploads(api, workflowIdOf('evidence-intake', entityId), now, freely());
}
