import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrganizationId } from '../ids.ts';
import { GENESIS } from './append.ts';

/** An event in an organization's chain. */
export interface AuditPosition {
  /** 0 before the first event. */
  readonly sequence: number;
  /** In lower-case hexadecimal digits. */
  readonly hash: string;
}

/** The last committed event of a chain. Others may follow at any time: the chain is not locked. */
export async function auditPosition(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<AuditPosition> {
  const [last] = await em.execute<{ sequence: string; hash: string }[]>(
    `select sequence, encode(hash, 'hex') as hash from audit_events where organization_id = ?
     order by sequence desc limit 1`,
    [organizationId],
  );
  return { sequence: Number(last?.sequence ?? 0), hash: last?.hash ?? GENESIS.toString('hex') };
}
