/** How public pages answer: HTML for people, problem documents for programs that prefer them. */
import type { Context, Next } from 'koa';
import { DomainError, PROBLEMS, type ProblemCode } from '../../domain/errors.ts';
import type { Logger } from '../../platform/logging.ts';
import { toDomainError } from '../problems.ts';
import { type Html, html } from './html.ts';
import { languageOf, MESSAGES, type NoticeName } from './messages/messages.ts';
import { type PageContent, renderPage } from './page.ts';

/** Each notice as programs are told: the problem's code, and with it the status. */
const CODES = {
  expired: 'link-dead',
  revoked: 'link-dead',
  used_up: 'link-dead',
  failed: 'link-dead',
  request_expired: 'link-dead',
  request_superseded: 'link-dead',
  request_closed: 'link-dead',
  log_expired: 'link-dead',
  invite_expired: 'link-dead',
  invite_superseded: 'link-dead',
  invite_closed: 'link-dead',
  invite_used_up: 'link-dead',
  portal_closed: 'link-dead',
  preparing: 'wrong-state',
  unknown: 'not-found',
  no_session: 'not-signed-in',
  access_expired: 'link-dead',
  access_revoked: 'link-dead',
  sign_in_needed: 'not-signed-in',
  sign_in_refused: 'permission-missing',
  sign_in_unavailable: 'unavailable',
  cross_site: 'cross-site-request',
  too_many_requests: 'too-many-requests',
  unavailable: 'unavailable',
  internal: 'internal',
} as const satisfies Record<NoticeName, ProblemCode>;

/** Where trying the same again may help. */
const WORTH_TRYING: ReadonlySet<NoticeName> = new Set([
  'preparing',
  'unavailable',
  'sign_in_unavailable',
  'internal',
]);

/** A page of this site in the reader's language; browsers keep no copy of it. */
export function sendPage(
  ctx: Context,
  status: number,
  content: (language: ReturnType<typeof languageOf>) => PageContent,
): void {
  const language = languageOf(ctx);
  ctx.status = status;
  ctx.set('Content-Language', language);
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = renderPage(language, content(language));
}

/** What public pages refuse with: answered by `publicAnswers`. */
export class NoticeError extends Error {
  readonly notice: NoticeName;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** What the page offers besides. */
  readonly offer: Offer | null;
  constructor(notice: NoticeName, retryAfter: number | null = null, offer: Offer | null = null) {
    super(notice);
    this.name = 'NoticeError';
    this.notice = notice;
    this.retryAfter = retryAfter;
    this.offer = offer;
  }
}

/** Something to do that a page offers, in the reader's language. */
export type Offer = (language: ReturnType<typeof languageOf>) => Html;

/** What a client gets where its `Accept` has no preference. */
export type Preferred = 'html' | 'json';

/** Whether this client is to get a page; programs that say nothing get what fits the address. */
export function prefersPage(ctx: Context, preferred: Preferred): boolean {
  const json = ['json', 'application/problem+json'];
  const accepted = ctx.accepts(preferred === 'html' ? ['html', ...json] : [...json, 'html']);
  return accepted === 'html' || (accepted === false && preferred === 'html');
}

/** Headers of every public page, and an answer for everything that is thrown below. */
export function publicAnswers(logger: Logger, preferred: Preferred) {
  return async (ctx: Context, next: Next): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('X-Robots-Tag', 'noindex, nofollow');
    ctx.vary('Accept');
    ctx.vary('Accept-Language');
    try {
      await next();
    } catch (error) {
      if (ctx.headerSent || isForPrograms(error)) throw error;
      const { notice, retryAfter, offer } = noticeOf(error);
      if (!prefersPage(ctx, preferred)) throw problemFor(error, notice, retryAfter);
      if (notice === 'internal' || notice === 'unavailable') {
        logger.error({ requestId: ctx.state.requestId, err: error }, 'a page could not be shown');
      }
      if (retryAfter !== null) ctx.set('Retry-After', String(retryAfter));
      // Looking at a link that will open soon is no failure; trying to open it is.
      const isWaiting = notice === 'preparing' && ctx.method !== 'POST';
      sendNotice(ctx, isWaiting ? 200 : PROBLEMS[CODES[notice]].status, notice, offer ?? null);
    }
  };
}

function sendNotice(ctx: Context, status: number, notice: NoticeName, offer: Offer | null): void {
  sendPage(ctx, status, (language) => {
    const messages = MESSAGES[language];
    const { title, text } = messages.notices[notice];
    // An empty address is this page's own: its token is not written into it.
    const again =
      WORTH_TRYING.has(notice) && html`<p><a class="button" href="">${messages.tryAgain}</a></p>`;
    return {
      title,
      narrow: true,
      body: html`<section class="card"><h1>${title}</h1><p>${text}</p>${offer?.(language)}${again}</section>`,
    };
  });
}

/** Seconds after which a page that could not be shown may be asked for again. */
const RETRY_AFTER = 5;

/** What only the program that sent the request can do something about: no page is made of it. */
const FOR_PROGRAMS: ReadonlySet<ProblemCode> = new Set([
  'precondition-failed',
  'range-not-satisfiable',
  'permission-missing',
  'file-type-not-supported',
  'wrong-state',
  'warning-not-accepted',
]);

function isForPrograms(error: unknown): boolean {
  return error instanceof DomainError && FOR_PROGRAMS.has(error.code);
}

function noticeOf(
  error: unknown,
): Pick<NoticeError, 'notice' | 'retryAfter'> & { readonly offer?: Offer | null } {
  if (error instanceof NoticeError) return error;
  const { code, members } = toDomainError(error);
  switch (code) {
    case 'too-many-requests':
      return { notice: 'too_many_requests', retryAfter: Number(members.retryAfter) };
    case 'not-signed-in':
      return { notice: 'no_session', retryAfter: null };
    case 'not-found':
      return { notice: 'unknown', retryAfter: null };
    case 'unavailable':
      return { notice: 'unavailable', retryAfter: RETRY_AFTER };
    default:
      return { notice: 'internal', retryAfter: null };
  }
}

function problemFor(error: unknown, notice: NoticeName, retryAfter: number | null): unknown {
  if (!(error instanceof NoticeError)) return error;
  const { title, text } = MESSAGES.en.notices[notice];
  return new DomainError(CODES[notice], `${title}. ${text}`, {
    members: {
      reason: notice.replace(/^(request|invite|portal)_/, ''),
      ...(retryAfter === null ? {} : { retryAfter }),
    },
  });
}
