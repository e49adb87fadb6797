import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { ApiClientId } from '../ids.ts';
import { defineLife } from '../lifecycle/definition.ts';
import { ApiClient } from './api-client.entity.ts';
import { tellOfChanges, type UntoldChange } from './api-client-notices.ts';
import { type ApiClientFacts, type ApiClientStep, nextApiClientStep } from './api-client-rule.ts';

interface Facts extends ApiClientFacts {
  readonly client: ApiClient;
  readonly changes: readonly UntoldChange[];
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const client = await em.findOne(
    ApiClient,
    { id: entityId as ApiClientId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (client === null) return null;
  const changes = await em.execute<UntoldChange[]>(
    `select change.number, change.change, change.changed_at as "changedAt", u.name as "changedBy"
     from api_client_changes change join users u on u.id = change.changed_by
     where change.client_id = ? and change.told_at is null order by change.number`,
    [client.id],
  );
  return { client, changes, untold: changes.length };
}

async function perform(
  act: Act,
  { client, changes }: Facts,
  step: ApiClientStep,
  now: Date,
): Promise<void> {
  switch (step) {
    case 'tell of changes':
      await act.em.execute(
        'update api_client_changes set told_at = ? where client_id = ? and told_at is null',
        [now, client.id],
      );
      return tellOfChanges(act, client, changes, now);
    default:
      return step satisfies never;
  }
}

/** The life of an API client. */
export const apiClientLife = defineLife<Facts, ApiClientStep>({
  kind: 'api-client',
  load,
  nextStep: nextApiClientStep,
  perform,
  stateOf: ({ client }) => (client.deletedAt == null ? 'active' : 'deleted'),
});
