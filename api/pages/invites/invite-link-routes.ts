/** `/i/{token}`: a community member's private link before it is opened. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { act } from '../../../domain/act.ts';
import {
  authoriseInvite,
  type FoundInviteLink,
  findInviteLink,
  type InviteGrant,
  inviteActor,
  newInviteSessionId,
  openInvite,
} from '../../../domain/portals/invites/invite-session.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { networkOf, sourceOf } from '../../source.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { takeOrRefuse } from '../limits.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import { deadInvite } from './invite-notice.ts';
import { inviteLandingPage } from './invite-pages.ts';

/** Exchanges of a link's token that one address may make. */
const EXCHANGES = { name: 'invite-exchange', tries: 200, seconds: 600 };

/** Mounts the page of the link. GET and HEAD change nothing. */
export function inviteLinkRoutes(router: Router, deps: ApiDeps): void {
  const exchanges = createRateLimit(deps.database, EXCHANGES);
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/i/:token', answers, async (ctx) => {
    ctx.state.route = '/i/{token}';
    const link = await known(ctx);
    if (link.state !== 'open') throw await dead(ctx, link);
    sendPage(ctx, 200, (language) => inviteLandingPage(language, link.organization));
  });

  router.post('/i/:token', answers, async (ctx) => {
    ctx.state.route = '/i/{token}';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    const link = await known(ctx);
    if ((await held(ctx, link)) === null) {
      if (link.state !== 'open') throw deadInvite(link.state);
      await open(ctx, link);
    }
    seeOther(ctx, `/invites/${link.inviteId}`);
  });

  async function known(ctx: Context): Promise<FoundInviteLink> {
    const link = await findInviteLink(deps.database.em.fork(), ctx.params.token ?? '');
    if (link === null) throw new NoticeError('unknown');
    return link;
  }

  /** What this browser may have of the invite already; null for nothing. */
  async function held(ctx: Context, { inviteId }: FoundInviteLink): Promise<InviteGrant | null> {
    const secret = heldSecret(ctx, deps.config, `invite-${inviteId}`);
    if (secret === '') return null;
    const found = await authoriseInvite(deps.database.em.fork(), inviteId, secret);
    return found.type === 'granted' ? found.grant : null;
  }

  /** Whoever handed something in from this browser finds the receipt again. */
  async function dead(ctx: Context, link: FoundInviteLink): Promise<NoticeError> {
    if (link.state === 'open') throw new Error('an open invite is refused as dead');
    const grant = link.state === 'used_up' ? await held(ctx, link) : null;
    return deadInvite(link.state, grant?.inviteId ?? null);
  }

  async function open(ctx: Context, link: FoundInviteLink): Promise<void> {
    await takeOrRefuse(exchanges, `${link.inviteId} ${networkOf(ctx)}`);
    const sessionId = newInviteSessionId();
    const by = { actor: inviteActor(sessionId, link.organizationId), source: sourceOf(ctx) };
    const opened = await act(deps, by, (acting) => openInvite(acting, link, sessionId));
    if (opened.type === 'refused') throw deadInvite(opened.state);
    keepSecret(ctx, deps.config, `invite-${link.inviteId}`, opened);
  }
}
