/** Sign-ins that are under way in a browser: begun, gone on with, and sent codes. */
import type { Context } from 'koa';
import { act } from '../../../domain/act.ts';
import {
  type Beginning,
  beginAttempt,
  findAttempt,
  nextCode,
  type SignInAttempt,
} from '../../../domain/identity/sign-in-attempt.ts';
import {
  attemptActor,
  isKnown,
  type KnownAttempt,
  sendCode,
} from '../../../domain/sharing/partner-access/access-sign-in.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { giveSecret, heldSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { networkOf, sourceOf } from '../../source.ts';
import { NoticeError } from '../answers.ts';
import { takeOrRefuse } from '../limits.ts';
import { evenly } from './evenly.ts';
import { signInOffer } from './sign-in-pages.ts';

/** Sign-ins that one address may begin, and codes that may be tried from it. */
const TRIES = { tries: 60, seconds: 600 };

/** Codes that are sent to one user by its links: whoever has one cannot fill its mailbox, or guess for long. */
const CODES = { tries: 6, seconds: 900 };

/** Codes that one source may ask for by one e-mail address, whether somebody has it or not. */
const ASKS = { tries: 6, seconds: 900 };

/** Codes that all together may ask for by it; what is asked beyond is not sent, and nobody is told. */
const ASKS_OF_ALL = { tries: 20, seconds: 3600 };

/** Where the browser goes on with an attempt. */
export const CONTINUE = '/sign-in/continue';

export type Attempts = ReturnType<typeof createAttempts>;

export function createAttempts(deps: ApiDeps) {
  const tries = createRateLimit(deps.database, { name: 'sign-in', ...TRIES });
  const codes = createRateLimit(deps.database, { name: 'sign-in-code', ...CODES });
  const asks = createRateLimit(deps.database, { name: 'sign-in-ask', ...ASKS });
  const asksOfAll = createRateLimit(deps.database, { name: 'sign-in-ask-of-all', ...ASKS_OF_ALL });

  async function begin(ctx: Context, beginning: Beginning): Promise<SignInAttempt> {
    const secret = await beginAttempt(deps.database.em.fork(), beginning);
    const attempt = await findAttempt(deps.database.em.fork(), secret);
    if (attempt === null) throw new Error('the sign-in was not kept');
    giveSecret(ctx, deps.config, 'sign-in', secret);
    return attempt;
  }

  async function mailCode(ctx: Context, attempt: KnownAttempt): Promise<void> {
    await act(deps, byAttempt(ctx, attempt), async (acting) => sendCode(acting, attempt));
  }

  async function mailCodeIfKnown(ctx: Context, attempt: SignInAttempt): Promise<void> {
    if (isKnown(attempt) && (await asksOfAll.take(attempt.known.userId)) === null) {
      await mailCode(ctx, attempt);
    } else await nextCode(deps.database.em.fork(), attempt.id);
  }

  return {
    begin,

    /** Counts a try of whoever asks. */
    async countTry(ctx: Context): Promise<void> {
      await takeOrRefuse(tries, networkOf(ctx));
    },

    /** Counts that a code was asked for by an e-mail address. */
    async countAsk(ctx: Context, email: string): Promise<void> {
      await takeOrRefuse(asks, `${email.toLowerCase()} ${networkOf(ctx)}`);
    },

    /** The attempt that the browser has under way. */
    async held(ctx: Context): Promise<SignInAttempt> {
      const secret = heldSecret(ctx, deps.config, 'sign-in');
      const attempt = await findAttempt(deps.database.em.fork(), secret);
      if (attempt === null) throw new NoticeError('sign_in_needed', null, signInOffer(null));
      return attempt;
    },

    /** Has a code sent for an attempt, if it is one for a code, and its user known. */
    async send(ctx: Context, attempt: SignInAttempt): Promise<void> {
      if (attempt.method !== 'code') return;
      if (attempt.begunBy === 'address') return mailCodeIfKnown(ctx, attempt);
      if (!isKnown(attempt)) return;
      await takeOrRefuse(codes, attempt.known.userId);
      await mailCode(ctx, attempt);
    },

    /** The same once more; for an address it takes as long whether somebody has it or not. */
    async sendAgain(ctx: Context, attempt: SignInAttempt): Promise<void> {
      if (attempt.begunBy === 'link') return this.send(ctx, attempt);
      await takeOrRefuse(asks, attempt.id);
      await evenly(deps, () => this.send(ctx, attempt));
    },
  };
}

/** Whoever signs in, as acts know it. */
export function byAttempt(ctx: Context, attempt: KnownAttempt) {
  return { actor: attemptActor(attempt), source: sourceOf(ctx) };
}
