/** `/u/{token}` and `/l/{token}`: the links of an upload request before they are opened. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { act } from '../../../domain/act.ts';
import {
  type FoundLogLink,
  type FoundRequestLink,
  findLogLink,
  findRequestLink,
} from '../../../domain/requests/request-links.ts';
import {
  authoriseLog,
  authoriseRequest,
  newSessionId,
  openLog,
  openRequest,
  requestActor,
} from '../../../domain/requests/request-session.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { networkOf, sourceOf } from '../../source.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { takeOrRefuse } from '../limits.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import { askForMail } from './request-asks.ts';
import { deadRequest } from './request-notice.ts';
import { askedPage, logLandingPage, requestLandingPage } from './request-pages.ts';

/** Exchanges of a link's token that one address may make. */
const EXCHANGES = { tries: 200, seconds: 600 };

/** Mails that one address may ask for, whatever the links: counted before anything is looked up. */
const ASKS = { tries: 30, seconds: 600 };

/** Mounts the pages of both kinds of links. GET and HEAD change nothing. */
export function requestLinkRoutes(router: Router, deps: ApiDeps): void {
  const exchanges = createRateLimit(deps.database, { name: 'request-exchange', ...EXCHANGES });
  const asks = createRateLimit(deps.database, { name: 'request-ask', ...ASKS });
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/u/:token', answers, async (ctx) => {
    ctx.state.route = '/u/{token}';
    const link = await knownRequest(ctx);
    if (link.state !== 'open') throw deadRequest(link.state, 'link');
    sendPage(ctx, 200, (language) => requestLandingPage(language, link.organization));
  });

  router.post('/u/:token', answers, async (ctx) => {
    ctx.state.route = '/u/{token}';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    // The forms of a dead link's page go back to its own address, so that no page holds the token.
    const asked = Object(ctx.request.body).ask as unknown;
    if (asked === 'refresh' || asked === 'activity-log') return answerAsk(ctx, asked);
    const link = await knownRequest(ctx);
    if (link.state !== 'open') throw deadRequest(link.state, 'link');
    if (!(await isOpenAlready(ctx, link))) await open(ctx, link);
    seeOther(ctx, `/requests/${link.requestId}`);
  });

  for (const asked of ['refresh', 'activity-log'] as const) {
    router.post(`/u/:token/${asked}`, answers, async (ctx) => {
      ctx.state.route = `/u/{token}/${asked}`;
      refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
      await answerAsk(ctx, asked);
    });
  }

  router.get('/l/:token', answers, async (ctx) => {
    ctx.state.route = '/l/{token}';
    const link = await knownLog(ctx);
    if (link.expired) throw new NoticeError('log_expired');
    sendPage(ctx, 200, (language) => logLandingPage(language, link.organization));
  });

  router.post('/l/:token', answers, async (ctx) => {
    ctx.state.route = '/l/{token}';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    const link = await knownLog(ctx);
    const em = deps.database.em.fork();
    const held = await authoriseLog(
      em,
      link.requestId,
      heldSecret(ctx, deps.config, `log-${link.requestId}`),
    );
    if (held.type !== 'granted') await openLogLink(ctx, link);
    seeOther(ctx, `/requests/${link.requestId}/activity-log`);
  });

  /** The answer is the same whatever the link is, unknown ones too. */
  async function answerAsk(ctx: Context, asked: 'refresh' | 'activity-log'): Promise<void> {
    await takeOrRefuse(asks, networkOf(ctx));
    await askForMail(deps, ctx.params.token ?? '', asked, sourceOf(ctx));
    sendPage(ctx, 202, askedPage);
  }

  async function isOpenAlready(ctx: Context, link: FoundRequestLink): Promise<boolean> {
    const secret = heldSecret(ctx, deps.config, `request-${link.requestId}`);
    if (secret === '') return false;
    const held = await authoriseRequest(deps.database.em.fork(), link.requestId, secret);
    return held.type === 'granted';
  }

  async function open(ctx: Context, link: FoundRequestLink): Promise<void> {
    await takeOrRefuse(exchanges, `${link.requestId} ${networkOf(ctx)}`);
    const sessionId = newSessionId();
    const by = { actor: requestActor(sessionId, link.organizationId), source: sourceOf(ctx) };
    const opened = await act(deps, by, (acting) => openRequest(acting, link, sessionId));
    if (opened.type === 'refused') throw deadRequest(opened.state, 'link');
    keepSecret(ctx, deps.config, `request-${link.requestId}`, opened);
  }

  async function openLogLink(ctx: Context, link: FoundLogLink): Promise<void> {
    await takeOrRefuse(exchanges, `${link.linkId} ${networkOf(ctx)}`);
    const sessionId = newSessionId();
    const by = { actor: requestActor(sessionId, link.organizationId), source: sourceOf(ctx) };
    const opened = await act(deps, by, (acting) => openLog(acting, link, sessionId));
    if (opened === null) throw new NoticeError('log_expired');
    keepSecret(ctx, deps.config, `log-${link.requestId}`, opened);
  }

  async function knownRequest(ctx: Context): Promise<FoundRequestLink> {
    const link = await findRequestLink(deps.database.em.fork(), ctx.params.token ?? '');
    if (link === null) throw new NoticeError('unknown');
    return link;
  }

  async function knownLog(ctx: Context): Promise<FoundLogLink> {
    const link = await findLogLink(deps.database.em.fork(), ctx.params.token ?? '');
    if (link === null) throw new NoticeError('unknown');
    return link;
  }
}
