/** `/sign-in`: a recipient of partner access, until it is known who it is. */

import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { act } from '../../../domain/act.ts';
import { issuerRequest, type SignInAttempt } from '../../../domain/identity/sign-in-attempt.ts';
import { endUserSession, findSignedIn } from '../../../domain/identity/user-session.ts';
import { type ShareId, UUID } from '../../../domain/ids.ts';
import {
  findKnown,
  isKnown,
  refuseCode,
  type SignedIn,
  signInByCode,
  signInByIssuer,
} from '../../../domain/sharing/partner-access/access-sign-in.ts';
import { giveSecret, heldSecret, takeSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { sourceOf } from '../../source.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import { evenly } from './evenly.ts';
import { createIssuers, IssuerUnavailableError } from './issuers.ts';
import { type Attempts, byAttempt, CONTINUE } from './sign-in-attempts.ts';
import { addressPage, codePage, issuerPage, signedOutPage, signInOffer } from './sign-in-pages.ts';

const addressForm = z.object({
  email: z.string().trim().max(254).pipe(z.email()),
  to: z.string().optional(),
});
const codeForm = z.object({ code: z.string().max(100) });

export function signInRoutes(router: Router, deps: ApiDeps, attempts: Attempts): void {
  const { CASEBRIDGE_PUBLIC_URL: publicUrl } = deps.config;
  const issuers = createIssuers(deps.config);
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/sign-in', answers, async (ctx) => {
    ctx.state.route = '/sign-in';
    const to = shareIn(ctx.query.to);
    const session = await findSignedIn(
      deps.database.em.fork(),
      heldSecret(ctx, deps.config, 'user'),
    );
    if (session !== null) return seeOther(ctx, pathOf(to));
    sendPage(ctx, 200, (language) => addressPage(language, { to, amiss: null }));
  });

  /** The answer is the same whatever the address is, and takes as long. */
  router.post('/sign-in', answers, async (ctx) => {
    ctx.state.route = '/sign-in';
    refuseOtherSites(ctx, publicUrl);
    const body: unknown = ctx.request.body ?? {};
    const to = shareIn(Object(body).to);
    const form = addressForm.safeParse(body);
    if (!form.success) {
      const amiss = String(Object(body).email ?? '');
      return sendPage(ctx, 422, (language) => addressPage(language, { to, amiss }));
    }
    const { email } = form.data;
    await attempts.countTry(ctx);
    await attempts.countAsk(ctx, email);
    await evenly(deps, async () => {
      const known = await findKnown(deps.database.em.fork(), email);
      const attempt = await attempts.begin(ctx, { begunBy: 'address', known, returnTo: to });
      await attempts.send(ctx, attempt);
    });
    seeOther(ctx, CONTINUE);
  });

  router.get(CONTINUE, answers, async (ctx) => {
    ctx.state.route = CONTINUE;
    const attempt = await attempts.held(ctx);
    if (attempt.method === 'code') {
      const over = attempt.code === 'open' ? 'none' : 'over';
      sendPage(ctx, 200, (language) => codePage(language, attempt, over));
      return;
    }
    const request = issuerRequest(deps.linkKeys, attempt.id);
    const address = await available(issuers.signInAddress(attempt.issuer ?? '', request));
    sendPage(ctx, 200, (language) => issuerPage(language, address));
  });

  /** Has a new code sent. */
  router.post('/sign-in/again', answers, async (ctx) => {
    ctx.state.route = '/sign-in/again';
    refuseOtherSites(ctx, publicUrl);
    await attempts.sendAgain(ctx, await attempts.held(ctx));
    seeOther(ctx, CONTINUE);
  });

  router.post('/sign-in/code', answers, async (ctx) => {
    ctx.state.route = '/sign-in/code';
    refuseOtherSites(ctx, publicUrl);
    const attempt = await attempts.held(ctx);
    await attempts.countTry(ctx);
    const entered = codeForm.safeParse(ctx.request.body ?? {}).data?.code ?? '';
    const enter = () => enterCode(ctx, attempt, entered);
    finish(ctx, attempt, await (attempt.begunBy === 'address' ? evenly(deps, enter) : enter()));
  });

  async function enterCode(ctx: Context, attempt: SignInAttempt, code: string): Promise<SignedIn> {
    const secret = heldSecret(ctx, deps.config, 'sign-in');
    if (!isKnown(attempt)) {
      return deps.database.em.fork().transactional((em) => refuseCode(em, secret));
    }
    return act(deps, byAttempt(ctx, attempt), async (acting) =>
      signInByCode(acting, deps.linkKeys, secret, code),
    );
  }

  /** Where the issuer sends browsers back to: by GET, as OpenID Connect has it. */
  router.get('/sign-in/callback', answers, async (ctx) => {
    ctx.state.route = '/sign-in/callback';
    const attempt = await attempts.held(ctx);
    if (attempt.method !== 'issuer' || !isKnown(attempt)) throw signInNeeded();
    await attempts.countTry(ctx);
    const request = issuerRequest(deps.linkKeys, attempt.id);
    const email = await available(issuers.identify(attempt.issuer ?? '', request, ctx.search));
    if (email === null) throw refused(attempt);
    const secret = heldSecret(ctx, deps.config, 'sign-in');
    const result = await act(deps, byAttempt(ctx, attempt), async (acting) =>
      signInByIssuer(acting, secret, email),
    );
    if (result.type === 'unknown user') throw refused(attempt);
    finish(ctx, attempt, result);
  });

  router.post('/sign-out', answers, async (ctx) => {
    ctx.state.route = '/sign-out';
    refuseOtherSites(ctx, publicUrl);
    const secret = heldSecret(ctx, deps.config, 'user');
    const session = await findSignedIn(deps.database.em.fork(), secret);
    if (session !== null) {
      const { user } = session;
      await act(deps, { actor: user.actor, source: sourceOf(ctx) }, async (acting) =>
        endUserSession(acting, user, secret),
      );
    }
    takeSecret(ctx, deps.config, 'user');
    sendPage(ctx, 200, signedOutPage);
  });

  function finish(ctx: Context, attempt: SignInAttempt, result: SignedIn): void {
    switch (result.type) {
      case 'signed in':
        takeSecret(ctx, deps.config, 'sign-in');
        giveSecret(ctx, deps.config, 'user', result.session.secret);
        return seeOther(ctx, pathOf(result.returnTo));
      case 'issuer next':
        return seeOther(ctx, CONTINUE);
      case 'wrong code':
        return sendPage(ctx, 403, (language) => codePage(language, attempt, 'wrong'));
      case 'code over':
        return sendPage(ctx, 403, (language) => codePage(language, attempt, 'over'));
      case 'over':
        throw signInNeeded();
      default:
        result satisfies never;
    }
  }
}

function signInNeeded(): NoticeError {
  return new NoticeError('sign_in_needed', null, signInOffer(null));
}

function refused({ returnTo }: SignInAttempt): NoticeError {
  return new NoticeError('sign_in_refused', null, signInOffer(returnTo));
}

/** The share that a browser wants to come back to; what is no id is none. */
function shareIn(to: unknown): ShareId | null {
  const id = typeof to === 'string' ? to.toLowerCase() : '';
  return UUID.test(id) ? (id as ShareId) : null;
}

function pathOf(to: ShareId | null): string {
  return to === null ? '/access' : `/access/${to}`;
}

async function available<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof IssuerUnavailableError)) throw error;
    throw new NoticeError('sign_in_unavailable', 30);
  }
}
