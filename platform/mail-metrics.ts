import { Counter, type Registry } from 'prom-client';
import type { Mailer } from './mail.ts';

/** A mailer that counts what became of the mails it was given. */
export function countedMailer(mailer: Mailer, registry: Registry): Mailer {
  const mails = new Counter({
    name: 'casebridge_mails_total',
    help: 'Mails handed to the SMTP server, by what became of them',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  for (const outcome of ['sent', 'refused', 'unknown'] as const) mails.inc({ outcome }, 0);
  return {
    async send(mail) {
      const outcome = await mailer.send(mail);
      mails.inc({ outcome: outcome.type });
      return outcome;
    },
  };
}
