/** A program that sends with the engine of the page, and as plain PUTs, over the same sockets. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createEngine } from '../../api/web/engine/engine.ts';
import type { EnginePorts, SourceFile } from '../../api/web/engine/ports.ts';
import { callsBelow, uploadCalls } from '../../api/web/upload-calls.ts';
import { type FilePart, sendPart } from '../../import/send-part.ts';
import { inLanes } from '../../import/slots.ts';
import { openLink } from '../../test/support/links.ts';
import { buildRequest, requestPath } from '../../test/support/requests.ts';
import type { UploaderWorld } from '../../test/support/uploader-page.ts';
import type { UploadClient } from '../upload.ts';
import { plainAddresses } from './plain-addresses.ts';

const LANES = 6;

export async function programClient(world: UploaderWorld, path: string): Promise<UploadClient> {
  const { size } = await stat(path);
  const options = { onBytes: () => undefined, signal: new AbortController().signal };

  return {
    async plain() {
      const parts = await plainAddresses(size);
      const began = performance.now();
      await inLanes(parts, LANES, async ({ offset, length, url }) => {
        await sendPart({ path, offset, length }, { url, headers: {} }, options);
      });
      return (performance.now() - began) / 1000;
    },

    async ours() {
      const request = await buildRequest(world.api);
      const link = requestPath(world.api, request.id);
      const Cookie = await openLink({ origin: world.origin }, { path: link });
      const call = callsBelow(`${world.origin}/guest/v1/requests/${request.id}`, { Cookie });
      const ports: EnginePorts = {
        api: uploadCalls(call),
        // A part of the disk's file stands for the bytes that a browser would hand over.
        sendPart: async (bytes, address, { signal }) =>
          sendPart(bytes as unknown as FilePart, address, { ...options, signal }),
        memory: {
          recall: async () => null,
          keyFor: async (_file, key) => key,
          remember: async () => undefined,
          forget: async () => undefined,
        },
        claims: { take: async () => () => undefined },
        clock: {
          now: () => performance.now(),
          after(milliseconds, work) {
            const timer = setTimeout(work, milliseconds);
            return () => clearTimeout(timer);
          },
          random: Math.random,
          newKey: randomUUID,
        },
      };
      const source: SourceFile = {
        path: 'bench.mp4',
        size,
        lastModified: 0,
        slice: (start, end) => ({ path, offset: start, length: end - start }) as unknown as Blob,
      };
      const engine = createEngine(ports);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      engine.subscribe(() => {
        const phase = engine.files()[0]?.transfer.phase;
        if (phase?.type === 'verifying') resolve();
        if (phase?.type === 'ended') reject(new Error(JSON.stringify(phase.outcome)));
      });
      const began = performance.now();
      engine.add([source]);
      engine.start();
      await promise;
      const seconds = (performance.now() - began) / 1000;
      engine.dispose();
      return seconds;
    },

    stop: async () => undefined,
  };
}
