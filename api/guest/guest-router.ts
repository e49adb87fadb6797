import Router from '@koa/router';
import { readLog, summariseLog } from '../../domain/requests/activity-log.ts';
import { linkDead } from '../../domain/requests/request-party.ts';
import { LOG_FORMATS } from '../activity-log-export.ts';
import type { ApiDeps } from '../deps.ts';
import { languageOf } from '../pages/messages/messages.ts';
import { cursorKey, page } from '../paging.ts';
import { parse, send } from '../route.ts';
import type { GuestKind } from './guest-kind.ts';
import type { GuestRoute } from './guest-route.ts';
import {
  INVITE_GUEST,
  INVITE_GUEST_ROUTES,
  SUBMITTING_GUEST,
  SUBMITTING_GUEST_ROUTES,
} from './invite-guest.ts';
import { exportLog, logReader } from './log-reader.ts';
import { REQUEST_GUEST, REQUEST_GUEST_ROUTES } from './request-guest.ts';
import { logQuery, requestParams } from './schema.ts';

const PREFIX = '/guest/v1/requests/:requestId';

/** The calls of whoever holds a session of an upload request, of a link to its activity log, or of an invite. */
export function guestRouter(deps: ApiDeps): Router {
  const router = new Router();
  mount(router, deps, REQUEST_GUEST, REQUEST_GUEST_ROUTES);
  mount(router, deps, INVITE_GUEST, INVITE_GUEST_ROUTES);
  mount(router, deps, SUBMITTING_GUEST, SUBMITTING_GUEST_ROUTES);

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

/** Mounts the calls of a kind of guest below its prefix. */
function mount<Grant>(
  router: Router,
  deps: ApiDeps,
  { prefix }: GuestKind<Grant>,
  routes: readonly GuestRoute[],
): void {
  for (const { spec, handle } of routes) {
    const address = `${prefix}${spec.path}`;
    router[spec.method](address.replaceAll(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      ctx.state.route = address;
      await handle(ctx, deps);
    });
  }
}
