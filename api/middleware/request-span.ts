import type { Context, Next } from 'koa';
import { contextOf, inSpan, SpanKind } from '../../platform/tracing.ts';

/**
 * A span for each request, until its answer is decided. It goes on with the trace of a reverse proxy in
 * front; where there is none, whoever calls is a stranger, and the trace begins here.
 */
export function requestSpan(options: { readonly trustsProxy: boolean }) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const outer = options.trustsProxy ? ctx.get('traceparent') : '';
    await inSpan(
      ctx.method,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': ctx.method,
          'casebridge.request_id': String(ctx.state.requestId),
        },
        ...(outer === '' ? {} : { parent: contextOf(outer) }),
      },
      async (span) => {
        await next();
        const route = String(ctx.state.route ?? 'unknown');
        span.updateName(`${ctx.method} ${route}`);
        span.setAttributes({ 'http.route': route, 'http.response.status_code': ctx.status });
      },
    );
  };
}
