import type { Acting } from '../domain/act.ts';
import type { Actor } from '../domain/audit/event.ts';
import type { Database } from '../platform/database.ts';

/** Who acts at this command line, as the audit has it. */
export const OPERATOR: { readonly actor: Actor } = { actor: { kind: 'operator', id: null } };

/** Acts without a connection to Temporal: what they wake, the relay finds in its row. */
export function unpoked(database: Database): Acting {
  return { database, poke: () => undefined };
}
