/** Effects on people: a mail handed to SMTP, a text message handed to a webhook. */
import SMTPTransport from 'nodemailer/lib/smtp-transport';
import { beginEffect } from './effects.ts';
import { origin } from './origin.ts';

type Send = (
  this: SMTPTransport,
  mail: unknown,
  done: (error: Error | null, ...rest: unknown[]) => void,
) => void;

/** Makes each hand-over an effect: acknowledged by SMTP's 250, or by the webhook's answer. */
export function watchMail(): void {
  const send = SMTPTransport.prototype.send as unknown as Send;
  const watched: Send = function (mail, done) {
    const effect = beginEffect(`${origin()}: mail to SMTP`);
    send.call(this, mail, (error, ...rest) => {
      if (error === null) effect.done();
      done(error, ...rest);
    });
  };
  SMTPTransport.prototype.send = watched as unknown as typeof SMTPTransport.prototype.send;

  const ask = globalThis.fetch;
  globalThis.fetch = async (address, init) => {
    // The one call that this process makes under a key of its own.
    if (!new Headers(init?.headers).has('Idempotency-Key')) return ask(address, init);
    const effect = beginEffect(`${origin()}: text message to its webhook`);
    const response = await ask(address, init);
    effect.done();
    return response;
  };
}
