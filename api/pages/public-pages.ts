import Router from '@koa/router';
import type { ApiDeps } from '../deps.ts';
import { accessFileRoutes } from './access-file-routes.ts';
import { accessLinkRoutes } from './access-link-routes.ts';
import { accessRoutes } from './access-routes.ts';
import { assetRoutes } from './assets.ts';
import { inviteLinkRoutes } from './invite-link-routes.ts';
import { inviteRoutes } from './invite-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { publicPortalRoutes } from './public-portal-routes.ts';
import { requestLinkRoutes } from './request-link-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { sharedRoutes } from './shared-routes.ts';
import { createAttempts } from './sign-in-attempts.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** The pages for people who have no account, and their calls. GET and HEAD change nothing. */
export function publicPages(deps: ApiDeps): Router {
  const router = new Router();
  assetRoutes(router);
  linkRoutes(router, deps);
  sharedRoutes(router, deps);
  requestLinkRoutes(router, deps);
  requestRoutes(router, deps);
  publicPortalRoutes(router, deps);
  inviteLinkRoutes(router, deps);
  inviteRoutes(router, deps);
  const attempts = createAttempts(deps);
  accessLinkRoutes(router, deps, attempts);
  signInRoutes(router, deps, attempts);
  accessRoutes(router, deps);
  accessFileRoutes(router, deps);
  return router;
}
