/** Each way in which a mail server misbehaves of which facts are on record. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { collectByPortal } from './load-portal.ts';
import { askTrustedUser } from './load-request.ts';
import type { Outage } from './outages-verdict.ts';
import type { OutageWorld } from './outages-world.ts';

/** Milliseconds that it misbehaves. */
const LASTS = 10_000;

const during = (name: string, begin: (mail: OutageWorld['mail']) => void): Outage => ({
  name,
  courses: [askTrustedUser, collectByPortal],
  async happen({ mail }) {
    const before = mail.misbehaved;
    begin(mail);
    await pause(LASTS);
    await eventually('a mail to meet it', () => mail.misbehaved > before, 120);
    mail.refuse = undefined;
    mail.greetsAfter = 0;
    mail.afterContent = { type: 'accept' };
  },
});

export const SMTP_OUTAGES: readonly Outage[] = [
  during('250, then a reset', (mail) => {
    mail.afterContent = { type: 'accept and reset' };
  }),
  during('content, then a broken connection', (mail) => {
    mail.afterContent = { type: 'hang up' };
  }),
  during('content, then silence', (mail) => {
    mail.afterContent = { type: 'silence' };
  }),
  during('451 to each recipient', (mail) => {
    mail.refuse = { code: 451, message: 'greylisted' };
  }),
  during('451 to each content', (mail) => {
    mail.afterContent = { type: 'refuse', code: 451 };
  }),
  during('550 to each recipient', (mail) => {
    mail.refuse = { code: 550, message: 'nobody here' };
  }),
  during('550 to one recipient of two', (mail) => {
    const refused = ({ length }: string) => length % 2 === 0;
    mail.refuse = { code: 550, message: 'nobody here', only: refused };
  }),
  during('a greeting after five seconds', (mail) => {
    mail.greetsAfter = 5_000;
  }),
  {
    name: '250, then the worker is killed',
    courses: [askTrustedUser, collectByPortal],
    async happen(world) {
      const { promise: taken, resolve } = Promise.withResolvers<void>();
      const dying: Promise<void>[] = [];
      world.mail.afterContent = {
        type: 'accept',
        afterwards() {
          world.mail.afterContent = { type: 'accept' };
          // At once: between the last byte of the answer and the row that says so.
          dying.push(...world.workers.splice(0).map((worker) => worker.kill()));
          resolve();
        },
      };
      await taken;
      await Promise.all(dying);
      world.workers.push(await world.startWorker());
    },
  },
];
