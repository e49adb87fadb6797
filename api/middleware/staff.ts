import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import { DomainError } from '../../domain/errors.ts';
import { findStaff, type Staff } from '../../domain/identity/staff.ts';
import { UUID } from '../../domain/ids.ts';
import type { ApiDeps } from '../deps.ts';
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
