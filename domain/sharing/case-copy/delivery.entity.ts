import { defineEntity, p } from '@mikro-orm/core';
import type { CopyDeliveryId, ShareId, UserId } from '../../ids.ts';
import type { CopyFailure } from './copy-failure.ts';

const DELIVERY_STATES = [
  'waiting',
  'copying',
  'delivered',
  'failing',
  'failed',
  'cancelling',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const CopyDeliverySchema = defineEntity({
  name: 'CopyDelivery',
  tableName: 'copy_deliveries',
  properties: {
    id: p.uuid().$type<CopyDeliveryId>().primary(),
    shareId: p.uuid().$type<ShareId>(),
    /** 1 is the copy itself; the others are its updates, in their order. */
    sequence: p.integer(),
    state: p.enum(DELIVERY_STATES),
    requestedBy: p.uuid().$type<UserId>(),
    requestedAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    failure: p.json().$type<CopyFailure>().nullable(),
    /** How often the store was tidied after it, and when it is next; null where it needs no more. */
    tidied: p.integer().default(0),
    tidyAt: p.datetime().nullable(),
  },
});

/**
 * One transfer of evidence to the partner: the copy itself, or an update of it. `failing` and
 * `cancelling` are decided, and what they left in the store is being removed.
 */
export class CopyDelivery extends CopyDeliverySchema.class {}
CopyDeliverySchema.setClass(CopyDelivery);
