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

/** Milliseconds that a mail may take. Together they end before the lease of whoever sends it. */
export interface MailPatience {
  /** From the beginning until the server has the content: a mail that takes longer was not handed over. */
  readonly dialogue: number;
  /** For the server's silence after that: the outcome is unknown then, and the mail may come twice. */
  readonly verdict: number;
}

/**
 * RFC 5321 section 4.5.3.2.6 asks for ten minutes until the verdict, in which four silent servers would hold
 * all mail. Servers that look into a mail before they answer take up to a minute and a half.
 */
const PATIENCE: MailPatience = { dialogue: 45_000, verdict: 120_000 };

/**
 * Replies that speak of the session, whatever command they answer: out of sequence, or without the
 * encryption or the password that the server wants (RFC 3207 section 4, RFC 4954 section 6).
 */
const OF_SESSION: ReadonlySet<number> = new Set([503, 530, 534, 535, 538]);

/** In the words of the library's own time limits. */
const TOO_SLOW = { code: 'ETIMEDOUT' };

/** Sends through SMTP, a connection each: a pooled one that went stale looks like a lost mail. */
export function createMailer(options: {
  readonly smtpUrl: string;
  readonly from: string;
  readonly patience?: MailPatience;
}): Mailer {
  const { patience = PATIENCE } = options;
  const domain = options.from.slice(options.from.lastIndexOf('@') + 1);
  return {
    async send(mail) {
      let contentEnded = false;
      const late = new AbortController();
      const dialogue = setTimeout(() => late.abort(), patience.dialogue);
      const transport = createTransport({
        url: options.smtpUrl,
        socketTimeout: patience.verdict,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      // Only what breaks after the last byte of the content leaves a doubt; the errors do not tell.
      transport.use('stream', ({ message }, done) => {
        message.transform(() =>
          new PassThrough().on('end', () => {
            contentEnded = true;
            clearTimeout(dialogue);
          }),
        );
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
          // The library takes it, and its type hides it.
          ...{ signal: late.signal },
        });
        return { type: 'sent' };
      } catch (error) {
        return outcomeOf(late.signal.aborted ? TOO_SLOW : error, contentEnded);
      } finally {
        clearTimeout(dialogue);
        transport.close();
      }
    },
  };
}

function outcomeOf(error: unknown, contentEnded: boolean): MailOutcome {
  const { responseCode, code } = Object(error) as { responseCode?: number; code?: string };
  // The server's words may quote the address, so only its code is kept.
  const reason = `SMTP ${responseCode ?? code ?? 'error'}`;
  if (responseCode !== undefined) {
    // What a server says to a session, not to a mail, may be put right: a password, or encryption.
    const isOfMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && !OF_SESSION.has(responseCode);
    return { type: 'refused', permanent: responseCode >= 500 && isOfMail, reason };
  }
  if (contentEnded) return { type: 'unknown', reason };
  return { type: 'refused', permanent: code === 'EENVELOPE', reason };
}
