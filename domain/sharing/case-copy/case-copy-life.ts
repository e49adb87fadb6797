import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { ShareId } from '../../ids.ts';
import { defineLife } from '../../lifecycle/definition.ts';
import type { Progress } from '../../lifecycle/life.ts';
import { leaveOutDelivered } from './begin-delivery.ts';
import { CaseCopy } from './case-copy.entity.ts';
import { type CaseCopyFacts, type CaseCopyStep, nextCaseCopyStep } from './case-copy-rule.ts';
import type { CopyFailure } from './copy-failure.ts';
import { notifyCopyFailed } from './copy-notices.ts';
import { amountsOf, copyProgress } from './copy-progress.ts';
import { CopyDelivery } from './delivery.entity.ts';
import { publishDelivery } from './publish.ts';
import { stopReason } from './stop-reason.ts';

interface Facts extends CaseCopyFacts {
  readonly share: CaseCopy;
  /** The delivery that the facts speak of, and what forbids it to go on. */
  readonly current: CopyDelivery | null;
  readonly stop: CopyFailure | null;
  readonly progress: Progress | null;
}

const OPEN = ['waiting', 'copying', 'failing', 'cancelling'] as const;

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const id = entityId as ShareId;
  const share = await em.findOne(
    CaseCopy,
    { id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (share === null) return null;
  const [current = null] = await em.find(
    CopyDelivery,
    { shareId: id, state: { $in: [...OPEN] } },
    { orderBy: { sequence: 'asc' }, limit: 1, refresh: true },
  );
  const [tidy] = await em.execute<{ at: Date | string | null }[]>(
    'select min(tidy_at) as at from copy_deliveries where share_id = ? and tidy_at is not null',
    [id],
  );
  const tidyAt = tidy?.at == null ? null : new Date(tidy.at);
  if (current === null)
    return { share, current, stop: null, progress: null, delivery: null, tidyAt };
  const undecided = current.state === 'waiting' || current.state === 'copying';
  const stop = undecided ? await stopReason(em, share, current, { lock: false }) : null;
  const amounts = await amountsOf(em, current);
  return {
    share,
    current,
    stop,
    tidyAt,
    progress: current.state === 'copying' ? copyProgress(amounts) : null,
    delivery: {
      state: current.state as (typeof OPEN)[number],
      stopped: stop !== null,
      itemsOpen: amounts.files - amounts.settledFiles,
      tidied: current.tidied > 0,
    },
  };
}

async function perform(act: Act, facts: Facts, step: CaseCopyStep, now: Date): Promise<void> {
  const { share, current } = facts;
  if (current === null) throw new Error('a step of no delivery');
  switch (step) {
    case 'start':
      await leaveOutDelivered(act, current);
      Object.assign(current, { state: 'copying', startedAt: now });
      return;
    case 'publish': {
      const stop = await stopReason(act.em, share, current, { lock: true });
      if (stop !== null) return decideToStop(current, stop, now);
      return publishDelivery(act, share, current, now);
    }
    case 'stop':
      if (facts.stop === null) throw new Error('nothing stops this delivery');
      return decideToStop(current, facts.stop, now);
    case 'end':
      return end(act, share, current, now);
    default:
      return step satisfies never;
  }
}

/** From here on it is never delivered; it has failed when what it left in the store is removed. */
function decideToStop(delivery: CopyDelivery, failure: CopyFailure, now: Date): void {
  Object.assign(delivery, { state: 'failing', failure, tidied: 0, tidyAt: now });
}

async function end(act: Act, share: CaseCopy, delivery: CopyDelivery, now: Date): Promise<void> {
  delivery.endedAt = now;
  if (delivery.state === 'cancelling') {
    delivery.state = 'cancelled';
    return;
  }
  delivery.state = 'failed';
  act.em.assign(share, { updatedAt: now });
  act.audit({
    organizationId: share.organizationId,
    action: 'share.failed',
    objects: [share.id, share.caseId],
    outcome: 'failed',
    reason: delivery.failure?.code ?? 'unknown',
    data: { delivery: delivery.id, sequence: delivery.sequence },
  });
  await notifyCopyFailed(act, share, delivery, now);
}

function stateOf(facts: Facts): string {
  const state = facts.delivery?.state;
  if (state === undefined) return facts.share.deliveredAt == null ? 'ended' : 'delivered';
  return state === 'copying' && facts.share.deliveredAt != null ? 'updating' : state;
}

/** The life of a copy and of its updates. */
export const caseCopyLife = defineLife<Facts, CaseCopyStep>({
  kind: 'case-copy',
  load,
  nextStep: nextCaseCopyStep,
  subjectOf: ({ current }) => current?.id ?? null,
  perform,
  stateOf,
  progressOf: ({ progress }) => progress,
});
