import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server that keeps what it is sent. */
export interface MailSink {
  readonly url: string;
  readonly mails: Email[];
  /** What it says to the next recipients; undefined accepts. */
  refuse: { code: number; message: string } | undefined;
  /** Takes the content, then breaks the connection instead of saying that it did. */
  hangUpAfterContent: boolean;
  stop(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails: Email[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, done) {
      done(
        sink.refuse === undefined
          ? null
          : Object.assign(new Error(sink.refuse.message), { responseCode: sink.refuse.code }),
      );
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          if (!sink.hangUpAfterContent) return done();
          for (const connection of server.connections) connection._socket.destroy();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const sink: MailSink = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: undefined,
    hangUpAfterContent: false,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return sink;
}
