import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { LifeKind, Shown } from '../domain/lifecycle/life.ts';
import { SEARCH_ATTRIBUTE_TYPES } from '../platform/temporal/names.ts';

/**
 * Writes what differs from what the server has of this workflow, so that a change is one event and no
 * change is none. The server keeps the attributes when a long history is continued in a new run.
 * Nothing personal is among them: they are stored in clear.
 */
export function showSearchAttributes(kind: LifeKind, shown: Partial<Shown>): void {
  const { nextDeadline } = shown;
  const updates = [
    ...changed('Kind', kind),
    ...changed('State', shown.state),
    ...changed('OrganizationId', shown.organizationId),
    ...changed('CaseId', shown.caseId),
    ...changed('WaitingFor', shown.waitingFor),
    ...changed('NextDeadline', nextDeadline == null ? nextDeadline : new Date(nextDeadline)),
    ...changed('Attention', shown.attention),
  ];
  // A turn's plan may be of a newer worker than the one that showed it: then nothing was shown of this.
  const progress = changed('Progress', percentOf(shown));
  if (progress.length > 0 && patched('show-progress')) updates.push(...progress);
  if (updates.length > 0) upsertSearchAttributes(updates);
}

function percentOf({ progress }: Partial<Shown>): number | null | undefined {
  return progress === undefined ? undefined : (progress?.percent ?? null);
}

/** What the server's types of attributes are here. */
type Attribute<Name extends keyof typeof SEARCH_ATTRIBUTE_TYPES> = {
  readonly KEYWORD: string;
  readonly DATETIME: Date;
  readonly INT: number;
}[(typeof SEARCH_ATTRIBUTE_TYPES)[Name]];

/** An update of one attribute, none where it is so already or nothing is said of it. */
function changed<Name extends keyof typeof SEARCH_ATTRIBUTE_TYPES>(
  name: Name,
  value: Attribute<Name> | null | undefined,
): SearchAttributeUpdatePair[] {
  if (value === undefined) return [];
  const key = defineSearchAttributeKey(name, SEARCH_ATTRIBUTE_TYPES[name]);
  const present = workflowInfo().typedSearchAttributes.get(key) ?? null;
  if (value?.valueOf() === present?.valueOf()) return [];
  return [{ key, value } as SearchAttributeUpdatePair];
}
