/** `/requests/{requestId}`: an opened upload request and its activity log. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readLog, summariseLog } from '../../../domain/requests/activity-log.ts';
import type { DeadRequestLink } from '../../../domain/requests/request-state.ts';
import { LOG_FORMATS } from '../../activity-log-export.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { authorisedForRequest } from '../../guest/authorised.ts';
import { exportLog, logReader } from '../../guest/log-reader.ts';
import { readRequestFacts } from '../../guest/request-facts.ts';
import { send } from '../../route.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { languageOf } from '../messages/messages.ts';
import { allowStore } from '../uploader-section.ts';
import { activityLogPage } from './activity-log-page.ts';
import { deadRequest } from './request-notice.ts';
import { requestPage } from './request-pages.ts';

/** Events that a page shows. */
const PAGE_SIZE = 200;

/** Mounts the pages that sessions open. */
export function requestRoutes(router: Router, deps: ApiDeps): void {
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/requests/:requestId', answers, async (ctx) => {
    ctx.state.route = '/requests/{requestId}';
    const grant = await authorisedForRequest(ctx, deps, (state) => deadRequest(state, 'session'));
    const { requestId, expiresAt } = grant;
    // The request may have been extended since the cookie was given.
    const secret = heldSecret(ctx, deps.config, `request-${requestId}`);
    keepSecret(ctx, deps.config, `request-${requestId}`, { secret, expiresAt });
    const facts = await readRequestFacts(deps.database.em.fork(), grant);
    allowStore(ctx, deps.config);
    sendPage(ctx, 200, (language) => requestPage(language, facts));
  });

  router.get('/requests/:requestId/activity-log', answers, async (ctx) => {
    ctx.state.route = '/requests/{requestId}/activity-log';
    const reader = await logReader(ctx, deps, deadLog);
    const em = deps.database.em.fork();
    const read = await readLog(em, reader.place, { after: afterOf(ctx), limit: PAGE_SIZE + 1 });
    const entries = read.slice(0, PAGE_SIZE);
    const summary = await summariseLog(em, reader.place);
    sendPage(ctx, 200, (language) =>
      activityLogPage(language, {
        requestId: reader.place.requestId,
        timeZone: reader.organization.timeZone,
        summary,
        entries,
        next: read.length > PAGE_SIZE ? (entries.at(-1)?.sequence ?? null) : null,
        withRequest: reader.by === 'request',
      }),
    );
  });

  for (const format of LOG_FORMATS) {
    router.get(`/requests/:requestId/activity-log.${format}`, answers, async (ctx) => {
      ctx.state.route = `/requests/{requestId}/activity-log.${format}`;
      const reader = await logReader(ctx, deps, deadLog);
      send(ctx, await exportLog(ctx, deps, reader, { language: languageOf(ctx), format }));
    });
  }
}

function deadLog(state: DeadRequestLink | 'log_expired'): NoticeError {
  return state === 'log_expired' ? new NoticeError(state) : deadRequest(state, 'session');
}

/** The sequence after which the page that `?after=` asks for begins. */
function afterOf(ctx: Context): number {
  const asked = Number(ctx.query.after ?? 0);
  return Number.isSafeInteger(asked) && asked > 0 ? asked : 0;
}
