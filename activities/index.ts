import { createCopyActivities } from './case-copy.activities.ts';
import type { ActivityDeps } from './deps.ts';
import { createIntakeActivities } from './evidence-intake.activities.ts';
import { createLifecycleActivities } from './lifecycle.activities.ts';
import { createMailActivities } from './mail.activities.ts';
import { createReconciliationActivities } from './reconciliation.activities.ts';
import { createRetentionActivities } from './retention.activities.ts';

/** What the worker registers, by task queue. */
export function createActivities(deps: ActivityDeps) {
  return {
    lifecycle: createLifecycleActivities(deps),
    mail: createMailActivities(deps),
    bytes: {
      ...createIntakeActivities(deps),
      ...createCopyActivities(deps),
      ...createRetentionActivities(deps),
      ...createReconciliationActivities(deps),
    },
  };
}

type Activities = ReturnType<typeof createActivities>;
export type LifecycleActivities = Activities['lifecycle'];
export type MailActivities = Activities['mail'];
export type BytesActivities = Activities['bytes'];
