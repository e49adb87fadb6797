import Router from '@koa/router';
import { createRateLimit } from '../../platform/rate-limits.ts';
import type { ApiDeps } from '../deps.ts';
import { CLIENT_ROUTES } from './incident-reports.ts';

/** Where the calls of external systems begin. */
export const CLIENT_PREFIX = '/api/pes-portals';

/** Calls of one client: ten a second, for a minute on end. */
const CALLS = { tries: 600, seconds: 60 };

/** The calls of external systems. */
export function clientRouter(deps: ApiDeps): Router {
  const calls = createRateLimit(deps.database, { name: 'client-call', ...CALLS });
  const router = new Router({ prefix: CLIENT_PREFIX });
  for (const { spec, handle } of CLIENT_ROUTES) {
    router[spec.method](spec.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      ctx.state.route = `${CLIENT_PREFIX}${spec.path}`;
      await handle(ctx, deps, calls);
    });
  }
  return router;
}
