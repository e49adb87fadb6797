import Router from '@koa/router';
import { readLog, summariseLog } from '../../domain/requests/activity-log.ts';
import { linkDead } from '../../domain/requests/request-party.ts';
import { LOG_FORMATS } from '../activity-log-export.ts';
import type { ApiDeps } from '../deps.ts';
import { languageOf } from '../pages/messages/messages.ts';
import { cursorKey, page } from '../paging.ts';
import { parse, send } from '../route.ts';
import { exportLog, logReader } from './log-reader.ts';
import { logQuery, requestParams } from './schema.ts';
import { guestUploadRoutes } from './upload-routes.ts';

const PREFIX = '/guest/v1/requests/:requestId';

/** The calls of whoever holds a session of an upload request, or of a link to its activity log. */
export function guestRouter(deps: ApiDeps): Router {
  const router = new Router();
  for (const { spec, handle } of guestUploadRoutes) {
    const path = spec.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[spec.method](`${PREFIX}${path}`, async (ctx) => {
      ctx.state.route = `/guest/v1/requests/{requestId}${spec.path}`;
      await handle(ctx, deps);
    });
  }

  router.get(`${PREFIX}/activity-log`, async (ctx) => {
    ctx.state.route = '/guest/v1/requests/{requestId}/activity-log';
    const { place } = await logReader(ctx, deps, linkDead);
    const { query } = parse({ params: requestParams, query: logQuery }, ctx);
    const em = deps.database.em.fork();
    const after = Number(cursorKey(query.cursor, /^\d{1,15}$/) ?? 0);
    const entries = await readLog(em, place, { after, limit: query.limit + 1 });
    const summary = await summariseLog(em, place);
    send(ctx, {
      status: 200,
      body: {
        summary: { items: summary.items, lastAt: summary.lastAt?.toISOString() ?? null },
        ...page(entries, {
          limit: query.limit,
          total: summary.events,
          keyOf: ({ sequence }) => String(sequence),
          present: (entry) => entry,
        }),
      },
    });
  });

  for (const format of LOG_FORMATS) {
    router.get(`${PREFIX}/activity-log.${format}`, async (ctx) => {
      ctx.state.route = `/guest/v1/requests/{requestId}/activity-log.${format}`;
      const reader = await logReader(ctx, deps, linkDead);
      send(ctx, await exportLog(ctx, deps, reader, { language: languageOf(ctx), format }));
    });
  }
  return router;
}
