import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { LifeKind, Shown } from '../domain/lifecycle/life.ts';

/** What operators filter by in the Temporal UI. Nothing personal: these are stored in clear. */
export const SEARCH_ATTRIBUTES = {
  kind: defineSearchAttributeKey('Kind', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('State', SearchAttributeType.KEYWORD),
  organizationId: defineSearchAttributeKey('OrganizationId', SearchAttributeType.KEYWORD),
  caseId: defineSearchAttributeKey('CaseId', SearchAttributeType.KEYWORD),
  waitingFor: defineSearchAttributeKey('WaitingFor', SearchAttributeType.KEYWORD),
  nextDeadline: defineSearchAttributeKey('NextDeadline', SearchAttributeType.DATETIME),
  attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD),
} as const;

type Attributes = Omit<Shown, 'steps'>;

/** Gives a function that writes what has changed since its last call, so that each change is one event. */
export function searchAttributeWriter(kind: LifeKind): (shown: Partial<Attributes>) => void {
  let kindWritten = false;
  const written = new Map<keyof Attributes, string | null>();
  return (shown) => {
    const changed = (name: keyof Attributes): boolean => {
      const value = shown[name];
      return value !== undefined && (written.get(name) ?? null) !== value;
    };
    const keywords = (['state', 'organizationId', 'caseId', 'waitingFor', 'attention'] as const)
      .filter(changed)
      .map((name) => ({ key: SEARCH_ATTRIBUTES[name], value: shown[name] ?? null }));
    const { nextDeadline } = shown;
    const deadlines = changed('nextDeadline')
      ? [
          {
            key: SEARCH_ATTRIBUTES.nextDeadline,
            value: nextDeadline == null ? null : new Date(nextDeadline),
          },
        ]
      : [];
    const first = kindWritten ? [] : [{ key: SEARCH_ATTRIBUTES.kind, value: kind }];
    const updates = [...first, ...keywords, ...deadlines];
    if (updates.length === 0) return;
    upsertSearchAttributes(updates);
    kindWritten = true;
    for (const [name, value] of Object.entries(shown)) written.set(name as keyof Attributes, value);
  };
}
