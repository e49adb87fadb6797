import { randomUUID } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import helmet from 'koa-helmet';
import { DomainError, PROBLEMS } from '../domain/errors.ts';
import type { ApiDeps } from './deps.ts';
import { guestRouter } from './guest/guest-router.ts';
import { clientRouter } from './integration/client-router.ts';
import { tokenEndpoint } from './integration/token-endpoint.ts';
import { requestLog } from './middleware/request-log.ts';
import { requestSpan } from './middleware/request-span.ts';
import { authenticateStaff, recordRefusal } from './middleware/staff.ts';
import { publicPages } from './pages/public-pages.ts';
import { problems } from './problems.ts';
import { developmentRoutes } from './routes/development/development.ts';
import { documentation } from './routes/documentation/documentation.ts';
import { healthRoutes } from './routes/health/health.ts';
import { STAFF_ROUTES } from './routes/staff-routes.ts';

/** Nothing may be loaded or framed but what a page of ours brings itself. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  mediaSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The HTTP application: middleware from the outside in, then routes. */
export function createApp(deps: ApiDeps): Koa {
  const app = new Koa({
    proxy: deps.config.CASEBRIDGE_TRUSTED_PROXIES > 0,
    maxIpsCount: deps.config.CASEBRIDGE_TRUSTED_PROXIES,
  });
  app.on('error', (error: unknown) => {
    const level = isDisconnect(error) ? 'debug' : 'error';
    deps.logger[level]({ err: error }, 'response failed');
  });
  app.use(async (ctx, next) => {
    ctx.state.requestId = randomUUID();
    ctx.state.arrived = performance.now();
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  });
  app.use(requestSpan({ trustsProxy: deps.config.CASEBRIDGE_TRUSTED_PROXIES > 0 }));
  app.use(requestLog(deps.logger, deps.metrics));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: !deps.config.CASEBRIDGE_DEVELOPMENT,
    }),
  );
  app.use(problems(deps.logger));
  app.use(refuseUnknown);
  mount(app, tokenEndpoint(deps));
  app.use(
    bodyParser({
      enableTypes: ['json', 'form'],
      jsonLimit: '1mb',
      formLimit: '16kb',
      jsonStrict: true,
    }),
  );
  for (const router of [
    publicPages(deps),
    guestRouter(deps),
    healthRoutes(deps),
    documentation(STAFF_ROUTES),
    ...(deps.config.CASEBRIDGE_DEVELOPMENT ? [developmentRoutes(deps)] : []),
    clientRouter(deps),
    staffRouter(deps),
  ]) {
    mount(app, router);
  }
  return app;
}

function mount(app: Koa, router: Router): void {
  app.use(router.routes());
  app.use(router.allowedMethods());
}

/** What no route answered is a problem like any other: an unknown address, or a wrong method. */
async function refuseUnknown(ctx: Context, next: Next): Promise<void> {
  await next();
  if (ctx.body != null || ctx.respond === false) return;
  if (ctx.status === 404) throw new DomainError('not-found', 'There is nothing at this address.');
  if (ctx.status === 405 || ctx.status === 501) {
    throw new DomainError('method-not-allowed', 'This address does not take that method.');
  }
}

function staffRouter(deps: ApiDeps): Router {
  const router = new Router({ prefix: '/api/v1' });
  for (const { spec, handle } of STAFF_ROUTES) {
    const path = spec.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[spec.method](path, async (ctx) => {
      ctx.state.route = `/api/v1${spec.path}`;
      const staff = await authenticateStaff(ctx, deps);
      try {
        await handle(ctx, deps, staff);
      } catch (error) {
        if (error instanceof DomainError && PROBLEMS[error.code].status === 403) {
          await recordRefusal(deps, staff, ctx, error);
        }
        throw error;
      }
    });
  }
  return router;
}

/** A client that went away is its own affair. */
function isDisconnect(error: unknown): boolean {
  const codes = ['ECONNRESET', 'EPIPE'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
