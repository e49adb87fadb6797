import Router from '@koa/router';
import type { ApiDeps } from '../deps.ts';
import { assetRoutes } from './assets.ts';
import { linkRoutes } from './link-routes.ts';
import { sharedRoutes } from './shared-routes.ts';

/** The pages for people who have no account, and their calls. GET and HEAD change nothing. */
export function publicPages(deps: ApiDeps): Router {
  const router = new Router();
  assetRoutes(router);
  linkRoutes(router, deps);
  sharedRoutes(router, deps);
  return router;
}
