/** `/s/{token}`: a link before it is opened, and its exchange for a session. */
import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { act } from '../../../domain/act.ts';
import { DomainError } from '../../../domain/errors.ts';
import { type DownloadSessionId, newId } from '../../../domain/ids.ts';
import {
  authorise,
  type FoundLink,
  findLink,
  openSession,
  sessionActor,
} from '../../../domain/sharing/download-link/download-session.ts';
import { verifyPassphrase } from '../../../domain/sharing/download-link/passphrase.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { networkOf, sourceOf } from '../../source.ts';
import { NoticeError, prefersPage, publicAnswers, sendPage } from '../answers.ts';
import { takeOrRefuse } from '../limits.ts';
import { refuseOtherSites } from '../same-site.ts';
import { landingPage } from './landing-page.ts';

/**
 * Wrong passphrases that a link takes from one address, so that who guesses does not shut out who knows,
 * and from all together, so that guessing from many addresses gains little.
 */
const PASSPHRASE_TRIES = { tries: 10, seconds: 600 };
const PASSPHRASE_TRIES_OF_ALL = { tries: 200, seconds: 600 };

/** Exchanges of a link's token that one address may make. */
const EXCHANGES = { tries: 200, seconds: 600 };

/** Seconds after which a link that is being prepared may be ready. */
const PREPARING_RETRY = 30;

const form = z.strictObject({ passphrase: z.string().max(1024).optional() });

export function linkRoutes(router: Router, deps: ApiDeps): void {
  const passphraseTries = createRateLimit(deps.database, {
    name: 'passphrase',
    ...PASSPHRASE_TRIES,
  });
  const passphraseTriesOfAll = createRateLimit(deps.database, {
    name: 'passphrase-of-all',
    ...PASSPHRASE_TRIES_OF_ALL,
  });
  const exchanges = createRateLimit(deps.database, { name: 'exchange', ...EXCHANGES });
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/s/:token', answers, async (ctx) => {
    ctx.state.route = '/s/{token}';
    const link = await known(ctx, deps);
    // Whoever began a download keeps it, also where nobody else may begin one any more.
    if (!(await isOpenAlready(ctx, link))) refuseUnlessActive(link.state);
    sendPage(ctx, 200, (language) =>
      landingPage(language, { passphrase: link.passphraseHash === null ? 'none' : 'needed' }),
    );
  });

  router.post('/s/:token', answers, async (ctx) => {
    ctx.state.route = '/s/{token}';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    const link = await known(ctx, deps);
    if (!(await isOpenAlready(ctx, link))) {
      refuseUnlessActive(link.state);
      await takeOrRefuse(exchanges, visitorOf(ctx, link));
      if (!(await knowsPassphrase(ctx, link))) return refusePassphrase(ctx);
      await open(ctx, link);
    }
    ctx.redirect(`/shared/${link.shareId}`);
    ctx.status = 303;
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = `/shared/${link.shareId}\n`;
  });

  /** A second exchange in the same browser would cost a second download of a limited link. */
  async function isOpenAlready(ctx: Context, link: FoundLink): Promise<boolean> {
    const secret = heldSecret(ctx, deps.config, `share-${link.shareId}`);
    if (secret === '') return false;
    const held = await authorise(deps.database.em.fork(), link.shareId, secret);
    return held.type === 'granted';
  }

  async function knowsPassphrase(ctx: Context, link: FoundLink): Promise<boolean> {
    if (link.passphraseHash === null) return true;
    const body = form.safeParse(ctx.request.body ?? {});
    if (!body.success || body.data.passphrase === undefined) return false;
    const visitor = visitorOf(ctx, link);
    await takeOrRefuse(passphraseTries, visitor);
    await takeOrRefuse(passphraseTriesOfAll, link.shareId);
    const isRight = await verifyPassphrase(body.data.passphrase, link.passphraseHash);
    if (isRight) {
      await passphraseTries.giveBack(visitor);
      await passphraseTriesOfAll.giveBack(link.shareId);
    } else await recordWrongPassphrase(ctx, link);
    return isRight;
  }

  async function recordWrongPassphrase(ctx: Context, link: FoundLink): Promise<void> {
    await act(deps, attempt(ctx, link, newId()), async (acting) => {
      acting.audit({
        organizationId: link.organizationId,
        action: 'share.refused',
        objects: [link.shareId, link.caseId],
        outcome: 'refused',
        reason: 'wrong-passphrase',
      });
    });
  }

  async function open(ctx: Context, link: FoundLink): Promise<void> {
    const sessionId = newId<DownloadSessionId>();
    const opened = await act(deps, attempt(ctx, link, sessionId), (acting) =>
      openSession(acting, link, sessionId),
    );
    if (opened.type === 'refused') throw refusal(opened.state);
    keepSecret(ctx, deps.config, `share-${link.shareId}`, opened);
    const held = await authorise(deps.database.em.fork(), link.shareId, opened.secret);
    if (held.type === 'granted') deps.packages.prepare(held.grant);
  }
}

/** A link and the address that asks for it, as a key of rate limits: the address is not kept in clear. */
function visitorOf(ctx: Context, link: FoundLink): string {
  return createHash('sha256')
    .update(`${link.shareId} ${networkOf(ctx)}`)
    .digest('base64url');
}

function attempt(ctx: Context, link: FoundLink, sessionId: DownloadSessionId) {
  return {
    actor: sessionActor(sessionId, link.organizationId),
    source: sourceOf(ctx),
  };
}

async function known(ctx: Context, deps: ApiDeps): Promise<FoundLink> {
  const link = await findLink(deps.database.em.fork(), ctx.params.token ?? '');
  if (link === null) throw new NoticeError('unknown');
  return link;
}

function refusal(state: Exclude<FoundLink['state'], 'active'>): NoticeError {
  return new NoticeError(state, state === 'preparing' ? PREPARING_RETRY : null);
}

function refuseUnlessActive(state: FoundLink['state']): void {
  if (state !== 'active') throw refusal(state);
}

function refusePassphrase(ctx: Context): void {
  if (!prefersPage(ctx, 'html')) {
    throw new DomainError('passphrase-wrong', 'Send the passphrase of this package as passphrase.');
  }
  sendPage(ctx, 403, (language) => landingPage(language, { passphrase: 'wrong' }));
}
