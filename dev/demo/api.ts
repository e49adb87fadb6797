import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { developmentToken } from '../stack/development-token.ts';

/** A file that the demo uploads. */
export interface DemoFile {
  readonly name: string;
  readonly contentType: string;
  readonly recordedAt: string;
  readonly content: Buffer;
  /** What recorded it. */
  readonly source?: { readonly model: string; readonly serialNumber: string };
}

const answer = z.looseObject({
  id: z.string().default(''),
  state: z.string().optional(),
  link: z.string().optional(),
  evidenceId: z.string().optional(),
  data: z
    .array(
      z.looseObject({
        id: z.string(),
        method: z.string().optional(),
        state: z.string().optional(),
        organization: z.looseObject({ slug: z.string() }).optional(),
        partner: z.looseObject({ id: z.string() }).nullish(),
      }),
    )
    .default([]),
  urls: z
    .array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }))
    .default([]),
});
type Answer = z.output<typeof answer>;

/** The public API as one user of the demo. */
export interface DemoApi {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** Uploads a small file into a case and waits until it was verified. */
  upload(caseId: string, file: DemoFile): Promise<void>;
}

/** Milliseconds between two looks at an upload, and looks at most. */
const LOOK_EVERY = 100;
const LOOKS = 600;

export async function demoApi(origin: string, email: string): Promise<DemoApi> {
  const accessToken = await developmentToken(origin, email);
  const get = async (path: string) =>
    answer.parse(await request('GET', `${origin}/api/v1${path}`, accessToken));
  const post = async (path: string, body: unknown) =>
    answer.parse(await request('POST', `${origin}/api/v1${path}`, accessToken, body));

  return {
    get,
    post,
    async upload(caseId, file) {
      const { id } = await post('/evidence/uploads', {
        caseId,
        fileName: file.name,
        size: file.content.length,
        contentType: file.contentType,
        recordedAt: file.recordedAt,
      });
      const { urls } = await post(`/evidence/uploads/${id}/part-urls`, { partNumbers: [1] });
      const [part] = urls;
      if (part === undefined) throw new Error('the demo was given no address for a part');
      const sent = await fetch(part.url, {
        method: 'PUT',
        headers: part.headers,
        body: new Uint8Array(file.content),
      });
      if (!sent.ok) throw new Error(`the object store refused ${file.name}: ${sent.status}`);
      const { evidenceId } = await post(`/evidence/uploads/${id}/complete`, {});
      await verified(file.name, async () => (await get(`/evidence/uploads/${id}`)).state);
      if (file.source === undefined) return;
      const fields = { source: file.source };
      await request('PATCH', `${origin}/api/v1/evidence/${evidenceId}`, accessToken, fields);
    },
  };
}

async function verified(name: string, look: () => Promise<string | undefined>): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const state = await look();
    if (state === 'verified' || state === 'duplicate') return;
    if (state !== 'verifying') throw new Error(`${name} is ${state}`);
    await pause(LOOK_EVERY);
  }
  throw new Error(`${name} was not verified in time`);
}

async function request(
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  token: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`the demo could not ${method} ${new URL(url).pathname}: ${text}`);
  return JSON.parse(text);
}
