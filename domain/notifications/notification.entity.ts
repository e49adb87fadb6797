import { defineEntity, p } from '@mikro-orm/core';
import type { NotificationId, OrganizationId } from '../ids.ts';
import type { MailSecret } from './secrets.ts';

const NOTIFICATION_STATES = ['pending', 'sending', 'sent', 'failed', 'cancelled'] as const;

/** How a message gets to its recipient. */
const NOTIFICATION_CHANNELS = ['email', 'sms'] as const;
export type NotificationChannel = (typeof NOTIFICATION_CHANNELS)[number];

const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notifications',
  properties: {
    id: p.uuid().$type<NotificationId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    workflowId: p.text(),
    kind: p.text(),
    channel: p.enum(NOTIFICATION_CHANNELS),
    subjectId: p.uuid(),
    recipient: p.text(),
    sequence: p.integer(),
    repeatable: p.boolean(),
    subject: p.text(),
    text: p.text(),
    html: p.text(),
    fromName: p.text().nullable(),
    replyTo: p.text().nullable(),
    secret: p.json().$type<MailSecret>().nullable(),
    messageId: p.text(),
    state: p.enum(NOTIFICATION_STATES),
    attempts: p.integer(),
    nextAttemptAt: p.datetime(),
    leaseUntil: p.datetime().nullable(),
    failure: p.text().nullable(),
    createdAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});

/** One mail, rendered once; sent again after a doubt it is the same to the byte. */
export class Notification extends NotificationSchema.class {}
NotificationSchema.setClass(Notification);
