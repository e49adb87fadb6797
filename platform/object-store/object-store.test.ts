import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { openObjectStore, UploadRefusedError } from './object-store.ts';

/** A store that takes every request, answers as told, and then says nothing more. */
async function startSilentStore(answer: string): Promise<{ endpoint: string; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function storeAt(endpoint: string, patience: { completing: number; otherwise: number }) {
  return openObjectStore({
    endpoint,
    publicEndpoint: endpoint,
    region: 'us-east-1',
    bucket: 'evidence',
    accessKey: 'key',
    secretKey: 'secret',
    patience,
  });
}

describe('a store that falls silent', () => {
  const never = 3_600_000;

  it('holds the completion of an upload no longer than its limit, and it may be tried again', async () => {
    const silent = await startSilentStore('');
    const store = storeAt(silent.endpoint, { completing: 200, otherwise: never });
    const completing = store.completeUpload('key', 'upload', [{ partNumber: 1, etag: 'e' }]);
    const error: unknown = await completing.then(
      () => null,
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ message: 'the store sent nothing', code: 'ETIMEDOUT' });
    expect(error).not.toBeInstanceOf(UploadRefusedError);
    silent.stop();
  });

  it('breaks a read that has begun, and does not leave it waiting', async () => {
    const head = 'HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\n\r\nsome bytes';
    const silent = await startSilentStore(head);
    const store = storeAt(silent.endpoint, { completing: never, otherwise: 200 });
    const stream = await store.read('key', { offset: 0, length: 100 });
    const read: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of stream) read.push(Buffer.from(chunk));
    })();
    await expect(reading).rejects.toThrow();
    expect(Buffer.concat(read).toString()).toBe('some bytes');
    silent.stop();
  });
});
