/** Whom a share names at its partner (product rules, section 3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Fault, invalid } from '../errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { OrganizationId, ShareId } from '../ids.ts';

/** A recipient as a request names it: by id, or a user by its address. */
export type RecipientChoice =
  | { readonly type: 'user' | 'group'; readonly id: string }
  | { readonly type: 'user'; readonly email: string };

/**
 * The users and groups that a request names, in its order and each once.
 * @throws DomainError `validation-failed` with each that is not the partner's, or is disabled;
 *   strangers and unknown ones look the same
 */
export async function requireRecipients(
  em: EntityManager,
  partnerOrganizationId: OrganizationId,
  named: readonly RecipientChoice[],
): Promise<Principal[]> {
  const rows = await em.execute<(Principal & { position: number })[]>(
    `select n.position, 'user' as type, u.id
     from json_to_recordset(?::json) as n (position int, type text, id uuid, email text)
     join users u on (u.id = n.id or lower(u.email) = lower(n.email))
     where n.type = 'user' and u.organization_id = ? and u.disabled_at is null
     union all
     select n.position, 'group', g.id
     from json_to_recordset(?::json) as n (position int, type text, id uuid)
     join groups g on g.id = n.id where n.type = 'group' and g.organization_id = ?`,
    [
      ...[
        JSON.stringify(named.map((choice, position) => ({ ...choice, position }))),
        partnerOrganizationId,
      ],
      ...[
        JSON.stringify(named.map((choice, position) => ({ ...choice, position }))),
        partnerOrganizationId,
      ],
    ],
  );
  const found = new Map(rows.map((row) => [row.position, row]));
  const faults = named.flatMap((choice, position): Fault[] =>
    found.has(position)
      ? []
      : [
          {
            pointer: `/recipients/${position}`,
            detail: `There is no such ${choice.type} at this partner.`,
          },
        ],
  );
  if (faults.length > 0) throw invalid(...faults);
  const each = new Map<string, Principal>();
  for (const position of named.keys()) {
    const row = found.get(position);
    if (row !== undefined) each.set(`${row.type}:${row.id}`, { type: row.type, id: row.id });
  }
  return [...each.values()];
}

/** Writes the recipients of a new share, in their order. */
export async function insertRecipients(
  em: EntityManager,
  shareId: ShareId,
  recipients: readonly Principal[],
  at: Date,
): Promise<void> {
  await em.execute(
    `insert into share_recipients (share_id, principal_type, principal_id, position, added_at)
     select ?::uuid, r.type, r.id, r.position, ?
     from json_to_recordset(?::json) as r (type text, id uuid, position int)`,
    [
      shareId,
      at,
      JSON.stringify(recipients.map((recipient, position) => ({ ...recipient, position }))),
    ],
  );
}

/** Who became a recipient, and who is one no longer. */
export interface ReplacedRecipients {
  readonly added: readonly Principal[];
  readonly removed: readonly Principal[];
}

/** Makes these all recipients of a share, in their order; one who was removed before is one anew. */
export async function replaceRecipients(
  em: EntityManager,
  shareId: ShareId,
  recipients: readonly Principal[],
  at: Date,
): Promise<ReplacedRecipients> {
  const wanted = JSON.stringify(
    recipients.map((recipient, position) => ({ ...recipient, position })),
  );
  const removed = await em.execute<Principal[]>(
    `update share_recipients r set removed_at = ? where share_id = ? and removed_at is null
       and not exists (select from json_to_recordset(?::json) as w (type text, id uuid)
         where w.type = r.principal_type and w.id = r.principal_id)
     returning r.principal_type as type, r.principal_id as id`,
    [at, shareId, wanted],
  );
  const added = await em.execute<Principal[]>(
    `insert into share_recipients as r (share_id, principal_type, principal_id, position, added_at)
     select ?::uuid, w.type, w.id, w.position, ?::timestamptz
     from json_to_recordset(?::json) as w (type text, id uuid, position int)
     where not exists (select from share_recipients live where live.share_id = ?::uuid
       and live.principal_type = w.type and live.principal_id = w.id and live.removed_at is null)
     on conflict (share_id, principal_type, principal_id) do update
       set removed_at = null, invited_at = null, added_at = excluded.added_at, position = excluded.position
     returning r.principal_type as type, r.principal_id as id`,
    [shareId, at, wanted, shareId],
  );
  await em.execute(
    `update share_recipients r set position = w.position
     from json_to_recordset(?::json) as w (type text, id uuid, position int)
     where r.share_id = ? and r.principal_type = w.type and r.principal_id = w.id`,
    [wanted, shareId],
  );
  return { added, removed };
}
