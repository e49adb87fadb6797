import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { LifeKind, Shown } from '../domain/lifecycle/life.ts';

/** What operators filter by in the Temporal UI. Nothing personal: these are stored in clear. */
const KEYWORDS = {
  kind: defineSearchAttributeKey('Kind', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('State', SearchAttributeType.KEYWORD),
  organizationId: defineSearchAttributeKey('OrganizationId', SearchAttributeType.KEYWORD),
  caseId: defineSearchAttributeKey('CaseId', SearchAttributeType.KEYWORD),
  waitingFor: defineSearchAttributeKey('WaitingFor', SearchAttributeType.KEYWORD),
  attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD),
} as const;
const NEXT_DEADLINE = defineSearchAttributeKey('NextDeadline', SearchAttributeType.DATETIME);

/**
 * Writes what differs from what the server has of this workflow, so that a change is one event and no
 * change is none. The server keeps the attributes when a long history is continued in a new run.
 */
export function showSearchAttributes(kind: LifeKind, shown: Partial<Shown>): void {
  const { typedSearchAttributes: present } = workflowInfo();
  const wanted: Partial<Record<keyof typeof KEYWORDS, string | null | undefined>> = {
    kind,
    ...shown,
  };
  const updates: SearchAttributeUpdatePair[] = Object.entries(KEYWORDS).flatMap(([name, key]) => {
    const value = wanted[name as keyof typeof KEYWORDS];
    if (value === undefined || value === (present.get(key) ?? null)) return [];
    return [{ key, value }];
  });
  const { nextDeadline } = shown;
  if (nextDeadline !== undefined) {
    const value = nextDeadline === null ? null : new Date(nextDeadline);
    if (value?.getTime() !== present.get(NEXT_DEADLINE)?.getTime()) {
      updates.push({ key: NEXT_DEADLINE, value });
    }
  }
  if (updates.length > 0) upsertSearchAttributes(updates);
}
