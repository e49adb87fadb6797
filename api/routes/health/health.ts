import Router from '@koa/router';
import type { ApiDeps } from '../../deps.ts';

/** `GET /health/live` and `/health/ready`, for load balancers that see the public port only. */
export function healthRoutes({ readiness }: ApiDeps): Router {
  const router = new Router();
  router.get('/health/live', (ctx) => {
    ctx.state.route = '/health/live';
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { live: true };
  });
  router.get('/health/ready', async (ctx) => {
    ctx.state.route = '/health/ready';
    const { ready } = await readiness.check();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = ready ? 200 : 503;
    ctx.body = { ready };
  });
  return router;
}
