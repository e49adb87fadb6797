import { finished } from 'node:stream';
import type { Context, Next } from 'koa';
import type { Logger } from '../../platform/logging.ts';
import type { Metrics } from '../../platform/metrics.ts';

/**
 * One line and one measurement a request, when its answer has ended: sent whole, or cut. They name the
 * route and never the address itself: addresses carry tokens. Routes set `ctx.state.route`.
 */
export function requestLog(logger: Logger, metrics: Metrics) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const begun = performance.now();
    finished(ctx.res, (error) => {
      const route = String(ctx.state.route ?? 'unknown');
      const seconds = (performance.now() - begun) / 1000;
      const { method, status } = ctx;
      metrics.observeRequest({ method, route, status, seconds });
      const level = route.startsWith('/health/') ? 'debug' : 'info';
      logger[level](
        {
          requestId: ctx.state.requestId,
          method,
          route,
          status,
          milliseconds: Math.round(seconds * 1000),
          ...(error ? { cut: true } : {}),
        },
        'request',
      );
    });
    await next();
  };
}
