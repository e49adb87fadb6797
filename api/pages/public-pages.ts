import Router from '@koa/router';
import type { ApiDeps } from '../deps.ts';
import { accessFileRoutes } from './access/access-file-routes.ts';
import { accessLinkRoutes } from './access/access-link-routes.ts';
import { accessRoutes } from './access/access-routes.ts';
import { assetRoutes } from './assets.ts';
import { inviteLinkRoutes } from './invites/invite-link-routes.ts';
import { inviteRoutes } from './invites/invite-routes.ts';
import { publicPortalRoutes } from './invites/public-portal-routes.ts';
import { linkRoutes } from './links/link-routes.ts';
import { sharedRoutes } from './links/shared-routes.ts';
import { requestLinkRoutes } from './requests/request-link-routes.ts';
import { requestRoutes } from './requests/request-routes.ts';
import { createAttempts } from './sign-in/sign-in-attempts.ts';
import { signInRoutes } from './sign-in/sign-in-routes.ts';

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
