import { PassThrough } from 'node:stream';
import { createTransport } from 'nodemailer';
import { headerLine } from './header-line.ts';

export interface Mail {
  /** The left part of the Message-ID; the sender's domain is the right one. */
  readonly messageId: string;
  readonly to: string;
  /** The name beside our own address. */
  readonly fromName?: string | null;
  /** Where answers go to, if not to us. */
  readonly replyTo?: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What became of a mail that was handed to the SMTP server. */
export type MailOutcome =
  | { readonly type: 'sent' }
  /** The server said no; `permanent` as RFC 5321 section 4.2.1 means it. */
  | { readonly type: 'refused'; readonly permanent: boolean; readonly reason: string }
  /** The connection broke after the content was sent: it may have been accepted (RFC 1047). */
  | { readonly type: 'unknown'; readonly reason: string };

export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>;
}

/** Milliseconds for which a server may say nothing: after that a mail's outcome is unknown. */
const PATIENCE = 30_000;

/** Sends through SMTP, a connection each: a pooled one that went stale looks like a lost mail. */
export function createMailer(options: {
  readonly smtpUrl: string;
  readonly from: string;
  /** Milliseconds for which a server may say nothing. */
  readonly patience?: number;
}): Mailer {
  const { patience = PATIENCE } = options;
  const domain = options.from.slice(options.from.lastIndexOf('@') + 1);
  return {
    async send(mail) {
      let contentEnded = false;
      const transport = createTransport({
        url: options.smtpUrl,
        connectionTimeout: patience,
        greetingTimeout: patience,
        socketTimeout: patience,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      // Only what breaks after the last byte of the content leaves a doubt; the errors do not tell.
      transport.use('stream', ({ message }, done) => {
        message.transform(() => new PassThrough().on('end', () => void (contentEnded = true)));
        done();
      });
      try {
        await transport.sendMail({
          messageId: `<${mail.messageId}@${domain}>`,
          from: { name: headerLine(mail.fromName ?? ''), address: options.from },
          ...(mail.replyTo == null ? {} : { replyTo: { name: '', address: mail.replyTo } }),
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { type: 'sent' };
      } catch (error) {
        return outcomeOf(error, contentEnded);
      } finally {
        transport.close();
      }
    },
  };
}

function outcomeOf(error: unknown, contentEnded: boolean): MailOutcome {
  const { responseCode, code } = Object(error) as { responseCode?: number; code?: string };
  // The server's words may quote the address, so only its code is kept.
  const reason = `SMTP ${responseCode ?? code ?? 'error'}`;
  // What a server says to a session, not to a mail, may be put right: a password, or encryption.
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (responseCode !== undefined) {
    return { type: 'refused', permanent: responseCode >= 500 && isOfMail, reason };
  }
  if (contentEnded) return { type: 'unknown', reason };
  return { type: 'refused', permanent: code === 'EENVELOPE', reason };
}
