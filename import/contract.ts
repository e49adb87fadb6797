/** The parts of the API's answers that an import reads. */
import { z } from 'zod';

export const caseList = z.object({
  data: z.array(z.object({ id: z.string(), caseNumber: z.string(), title: z.string() })),
  page: z.object({ next: z.string().nullable() }),
});

export const madeCase = z.object({ id: z.string() });

export const evidenceList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      file: z.object({ name: z.string(), sha256: z.string().nullable() }),
    }),
  ),
  page: z.object({ next: z.string().nullable() }),
});

const state = z.enum(['uploading', 'verifying', 'verified', 'duplicate', 'failed', 'aborted']);

export const begunUpload = z.object({
  id: z.string(),
  state,
  partSize: z.int(),
  partCount: z.int(),
});

export const upload = begunUpload.extend({
  size: z.int(),
  parts: z.array(z.object({ partNumber: z.int(), size: z.int(), etag: z.string() })),
  evidenceId: z.string().optional(),
  failure: z.object({ code: z.string(), detail: z.string() }).optional(),
});
export type Upload = z.output<typeof upload>;

export const partAddresses = z.object({
  urls: z.array(
    z.object({
      partNumber: z.int(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  ),
});
