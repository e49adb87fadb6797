import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../platform/listen.ts';

/** A text message as a webhook got it. */
export interface ReceivedText {
  readonly id: string;
  readonly to: string;
  readonly text: string;
  /** The `Idempotency-Key` of the request. */
  readonly key: string | undefined;
}

/** A webhook for text messages that keeps what it is sent. */
export interface SmsSink {
  readonly url: string;
  readonly texts: ReceivedText[];
  /** What it answers to the next requests. */
  status: number;
  /** Never answers, once it has read what was sent. */
  hangs: boolean;
  stop(): Promise<void>;
}

export async function startSmsSink(): Promise<SmsSink> {
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const key = request.headers['idempotency-key'];
        sink.texts.push({ ...JSON.parse(body), key: Array.isArray(key) ? key.join() : key });
        if (!sink.hangs) response.writeHead(sink.status, { Location: '/elsewhere' }).end('thanks');
      },
      () => response.destroy(),
    );
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  const sink: SmsSink = {
    url: `http://127.0.0.1:${port}/sms`,
    texts: [],
    status: 202,
    hangs: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sink;
}
