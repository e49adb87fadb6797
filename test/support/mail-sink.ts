import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A content that arrived whole, whatever was answered to it. */
export interface MailDelivery {
  readonly messageId: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** SHA-256 of what a reader sees: subject, text and HTML. */
  readonly contentHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What it does once the content of a mail is there, as the end of a mail may go wrong; `late` milliseconds. */
export type AfterContent =
  | { readonly type: 'accept'; readonly late?: number; readonly afterwards?: () => void }
  | { readonly type: 'refuse'; readonly code: number }
  /** Takes it, and breaks the connection instead of saying so. */
  | { readonly type: 'hang up' }
  /** Says that it took it, and resets the connection with the same breath. */
  | { readonly type: 'accept and reset' }
  /** Takes it and says nothing any more. */
  | { readonly type: 'silence' };

/** A real SMTP server that keeps what it is sent. */
export interface MailSink {
  readonly url: string;
  readonly mails: Email[];
  /** Every content that it took, also where its answer was lost; not those that it refused. */
  readonly deliveries: MailDelivery[];
  /** What it says to the next senders; undefined accepts. */
  refuseSender: { code: number; message: string } | undefined;
  /** What it says to the next recipients; undefined accepts. */
  refuse: { code: number; message: string; only?: (address: string) => boolean } | undefined;
  afterContent: AfterContent;
  /** Milliseconds that a client waits for its greeting. */
  greetsAfter: number;
  /** Clients that were kept waiting, recipients that were refused, contents that were not plainly accepted. */
  readonly misbehaved: number;
  stop(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails: Email[] = [];
  const deliveries: MailDelivery[] = [];
  let misbehaved = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      if (sink.greetsAfter === 0) return done();
      misbehaved += 1;
      void pause(sink.greetsAfter, undefined, { ref: false }).then(() => done());
    },
    onMailFrom(_address, _session, done) {
      const { refuseSender } = sink;
      if (refuseSender === undefined) return done();
      misbehaved += 1;
      done(Object.assign(new Error(refuseSender.message), { responseCode: refuseSender.code }));
    },
    onRcptTo({ address }, _session, done) {
      const { refuse } = sink;
      if (refuse === undefined || refuse.only?.(address) === false) return done();
      misbehaved += 1;
      done(Object.assign(new Error(refuse.message), { responseCode: refuse.code }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { afterContent } = sink;
        if (afterContent.type !== 'accept') misbehaved += 1;
        if (afterContent.type === 'refuse') {
          return done(
            Object.assign(new Error('not this one'), { responseCode: afterContent.code }),
          );
        }
        const connection = [...server.connections].find(({ id }) => id === session.id);
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          deliveries.push(deliveryOf(mail));
          switch (afterContent.type) {
            case 'accept':
              if (afterContent.late !== undefined) return void setTimeout(done, afterContent.late);
              done();
              return afterContent.afterwards?.();
            case 'hang up':
              return connection?._socket.destroy();
            case 'accept and reset':
              done();
              return setImmediate(() => connection?._socket.resetAndDestroy());
            case 'silence':
              return;
            default:
              afterContent satisfies never;
          }
        }, done);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const sink: MailSink = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    deliveries,
    refuseSender: undefined,
    refuse: undefined,
    afterContent: { type: 'accept' },
    greetsAfter: 0,
    get misbehaved() {
      return misbehaved;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of server.connections) connection._socket.destroy();
      }),
  };
  return sink;
}

function deliveryOf(mail: Email): MailDelivery {
  const { subject = '', text = '', html = '' } = mail;
  const seen = JSON.stringify([subject, text, html]);
  return {
    messageId: mail.messageId ?? '',
    to: (mail.to ?? []).map(({ address }) => address ?? ''),
    subject,
    contentHash: createHash('sha256').update(seen).digest('hex'),
    at: Date.now(),
  };
}
