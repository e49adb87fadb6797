import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import { DomainError } from '../../domain/errors.ts';
import { findStaff, type Staff } from '../../domain/identity/staff.ts';
import { UUID } from '../../domain/ids.ts';
import { findClientGrant } from '../../domain/integration/client-grant.ts';
import type { ApiDeps } from '../deps.ts';
import { recordClientRefusal } from '../integration/client-route.ts';
import { sourceOf } from '../source.ts';

/**
 * The staff member whose token the request carries, looked up anew each time.
 * @throws DomainError `not-signed-in`
 */
export async function authenticateStaff(ctx: Context, deps: ApiDeps): Promise<Staff> {
  const [, token] = /^Bearer ([^\s]+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (token === undefined) {
    ctx.set('WWW-Authenticate', 'Bearer');
    throw new DomainError('not-signed-in', 'Send a token: Authorization: Bearer …');
  }
  await refuseClient(ctx, deps, token);
  const email = await deps.tokens(token);
  const staff = await findStaff(deps.database.em.fork(), email);
  if (staff === null) {
    throw new DomainError(
      'not-signed-in',
      'Nobody here has the address that the token speaks for.',
    );
  }
  return staff;
}

/**
 * Refuses an API client, which is known by its token and may do nothing here; the refusal is recorded.
 * @throws DomainError `permission-missing`
 */
async function refuseClient(ctx: Context, deps: ApiDeps, token: string): Promise<void> {
  const client = await findClientGrant(deps.database.em.fork(), token);
  if (client === null) return;
  const refusal = new DomainError(
    'permission-missing',
    'An API client creates, changes and invites to incident-report portals, and nothing else.',
  );
  await recordClientRefusal(ctx, deps, client, refusal);
  throw refusal;
}

/** Records that somebody known was refused: an event of its own, since the act did not happen. */
export async function recordRefusal(
  deps: ApiDeps,
  staff: Staff,
  ctx: Context,
  error: DomainError,
): Promise<void> {
  const by = { actor: staff.actor, source: sourceOf(ctx) };
  await act(deps, by, async ({ audit }) => {
    audit({
      organizationId: staff.organization.id,
      action: 'access.refused',
      objects: Object.values(ctx.params as Record<string, string>).filter(isUuid),
      outcome: 'refused',
      reason: error.code,
      data: { route: ctx.state.route, method: ctx.method, ...error.members },
    });
  });
}

function isUuid(value: string): boolean {
  return UUID.test(value.toLowerCase());
}
