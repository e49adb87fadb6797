import { act } from '../../../domain/act.ts';
import type { Source } from '../../../domain/audit/event.ts';
import { askForLog, refreshAccess } from '../../../domain/requests/refresh-request.ts';
import { findRequestLink } from '../../../domain/requests/request-links.ts';
import { newSessionId, requestActor } from '../../../domain/requests/request-session.ts';
import type { ApiDeps } from '../../deps.ts';

/**
 * Has something mailed to the address on file of a link's request, where there is reason to. Nobody
 * learns from it whether there was.
 */
export async function askForMail(
  deps: ApiDeps,
  token: string,
  asked: 'refresh' | 'activity-log',
  source: Source,
): Promise<void> {
  const link = await findRequestLink(deps.database.em.fork(), token);
  if (link === null) return;
  const by = { actor: requestActor(newSessionId(), link.organizationId), source };
  const ask = asked === 'refresh' ? refreshAccess : askForLog;
  await act(deps, by, (acting) => ask(acting, deps.linkKeys, link));
}
