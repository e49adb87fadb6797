import { setTimeout as pause } from 'node:timers/promises';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Mailer, MailOutcome } from '../../platform/mail.ts';
import { sendTextMessage } from '../../platform/sms.ts';
import { type Acting, act } from '../act.ts';
import { Organization } from '../identity/organization.entity.ts';
import type { NotificationId } from '../ids.ts';
import type { WorkflowId } from '../lifecycle/life.ts';
import { deliveryAddress } from '../portals/invites/contact.ts';
import { inviteOfRecipient } from './invite-recipient.ts';
import { Notification } from './notification.entity.ts';
import { reasonStands } from './reasons.ts';
import { type Revealing, reveal } from './secrets.ts';

const MINUTE = 60_000;

/** How long a mail may be in the hands of one sender; the mailer's own time limits end before. */
const LEASE = 3 * MINUTE;

/** Pauses between attempts to note what became of a mail, in milliseconds; they double. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** Waits between attempts: a minute, doubling up to four hours. */
const FIRST_WAIT = MINUTE;
const LONGEST_WAIT = 4 * 60 * MINUTE;

/** After this long a mail that no server takes is given up: what it says is no news any more. */
const GIVE_UP_AFTER = 4 * 24 * 60 * MINUTE;

/**
 * Sends a life's mail that is due, one after the other. One that fails stands aside until its next
 * attempt: it holds up no other.
 *
 * @param begun the workflow's clock, at the beginning; it goes on with this process's
 * @returns whether there was any mail that could be taken
 */
export async function deliverMail(
  deps: Acting & Revealing & { readonly mailer: Mailer },
  workflowId: WorkflowId,
  begun: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const offset = begun.getTime() - Date.now();
  const clock = () => new Date(Date.now() + offset);
  for (let settled = 0; ; settled += 1) {
    cancelled.throwIfAborted();
    const mail = await claim(deps, workflowId, clock());
    if (mail === 'none') return settled > 0;
    if (mail === 'settled') continue;
    const outcome = await send(deps, mail);
    await settleWithinLease(deps, workflowId, { mail, outcome, clock, cancelled });
  }
}

/** What became of a mail that was claimed. */
interface Sent {
  readonly mail: ClaimedMail;
  readonly outcome: MailOutcome;
  /** The workflow's clock. */
  readonly clock: () => Date;
  readonly cancelled: AbortSignal;
}

/**
 * Notes what became of a mail, again and again while its lease lasts: PostgreSQL may be away for a moment,
 * and a mail that arrived and was not noted comes a second time, or is called failed.
 */
async function settleWithinLease(
  acting: Acting,
  workflowId: WorkflowId,
  sent: Sent,
): Promise<void> {
  for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    try {
      return await settle(acting, workflowId, sent);
    } catch (error) {
      const isTooLate = sent.clock().getTime() + wait > sent.mail.leaseUntil.getTime();
      if (isTooLate || sent.cancelled.aborted) throw error;
      await pause(wait);
    }
  }
}

/** A mail as it goes out: links, codes and addresses stand in it, which the row never has. */
type ClaimedMail = Pick<
  Notification,
  'id' | 'organizationId' | 'messageId' | 'subject' | 'text' | 'html' | 'channel'
> & {
  /** Which attempt this is. */
  readonly attempt: number;
  readonly leaseUntil: Date;
  readonly to: string;
  readonly fromName: string | null;
  readonly replyTo: string | null;
};

async function send(
  { database, mailer }: Acting & { readonly mailer: Mailer },
  mail: ClaimedMail,
): Promise<MailOutcome> {
  switch (mail.channel) {
    case 'email':
      return mailer.send(mail);
    case 'sms': {
      const organization = await database.em
        .fork()
        .findOneOrFail(Organization, mail.organizationId);
      const { smsWebhook } = organization;
      if (smsWebhook == null) {
        return { type: 'refused', permanent: false, reason: 'SMS no webhook' };
      }
      return sendTextMessage(smsWebhook, { id: mail.messageId, to: mail.to, text: mail.text });
    }
    default:
      return mail.channel satisfies never;
  }
}

/**
 * Takes the next mail that is due. Its reason is looked at again in this very transaction: what was
 * revoked or extended meanwhile is not told.
 */
async function claim(
  deps: Acting & Revealing,
  workflowId: WorkflowId,
  now: Date,
): Promise<ClaimedMail | 'settled' | 'none'> {
  return act(deps, { actor: { kind: 'lifecycle', id: workflowId } }, async ({ em }) => {
    const [due] = await em.execute<{ id: NotificationId }[]>(
      `select id from notifications
       where workflow_id = ? and ((state = 'pending' and next_attempt_at <= ?) or (state = 'sending' and lease_until <= ?))
       order by created_at, id limit 1 for update skip locked`,
      [workflowId, now, now],
    );
    if (due === undefined) return 'none';
    const mail = await em.findOneOrFail(Notification, due.id, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
    });
    if (mail.state === 'sending' && !mail.repeatable) {
      Object.assign(mail, { state: 'failed', failure: 'outcome unknown', settledAt: now });
      return 'settled';
    }
    if (!(await reasonStands(em, mail, now))) {
      Object.assign(mail, { state: 'cancelled', settledAt: now });
      return 'settled';
    }
    const { messageId, subject, text, html, fromName, replyTo, secret } = mail;
    const { organizationId, channel } = mail;
    const to = await addressOf(em, mail, deps);
    if (to === null) {
      Object.assign(mail, { state: 'cancelled', settledAt: now });
      return 'settled';
    }
    const attempt = mail.attempts + 1;
    const leaseUntil = new Date(now.getTime() + LEASE);
    const claimed = {
      ...{ id: due.id, attempt, leaseUntil },
      ...{ organizationId, channel, to, messageId, subject, text, html },
      fromName: fromName ?? null,
      replyTo: replyTo ?? null,
    };
    const sendable = secret == null ? claimed : await reveal(em, claimed, secret, deps);
    if (sendable === null) {
      Object.assign(mail, { state: 'cancelled', settledAt: now });
      return 'settled';
    }
    Object.assign(mail, { state: 'sending', attempts: attempt, leaseUntil });
    return sendable;
  });
}

/** Where a mail goes to; null where that was erased. */
async function addressOf(
  em: EntityManager,
  { recipient, channel }: Notification,
  { linkKeys }: Revealing,
): Promise<string | null> {
  const inviteId = inviteOfRecipient(recipient);
  return inviteId === null ? recipient : deliveryAddress(em, linkKeys, inviteId, channel);
}

async function settle(
  acting: Acting,
  workflowId: WorkflowId,
  { mail: { id, attempt }, outcome, clock }: Sent,
): Promise<void> {
  const now = clock();
  await act(acting, { actor: { kind: 'lifecycle', id: workflowId } }, async ({ em }) => {
    const mail = await em.findOneOrFail(Notification, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    // A sender that was held beyond its lease has a successor by now, or said this already.
    if (mail.state !== 'sending' || mail.attempts !== attempt) return;
    mail.leaseUntil = null;
    const failed = (failure: string) =>
      void Object.assign(mail, { state: 'failed', failure, settledAt: now });
    switch (outcome.type) {
      case 'sent':
        Object.assign(mail, { state: 'sent', settledAt: now });
        return;
      case 'refused':
        if (outcome.permanent) failed(outcome.reason);
        else tryLater(mail, outcome.reason, now);
        return;
      case 'unknown':
        if (mail.repeatable) tryLater(mail, outcome.reason, now);
        else failed('outcome unknown');
        return;
      default:
        outcome satisfies never;
    }
  });
}

function tryLater(mail: Notification, reason: string, now: Date): void {
  if (now.getTime() - mail.createdAt.getTime() > GIVE_UP_AFTER) {
    Object.assign(mail, { state: 'failed', failure: `given up: ${reason}`, settledAt: now });
    return;
  }
  const wait = Math.min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT);
  mail.state = 'pending';
  mail.failure = reason;
  mail.nextAttemptAt = new Date(now.getTime() + wait);
}
