import { createServer, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** The server for operators and their probes, on a port that the public does not reach. */
export interface InternalServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/health/live`, `/health/ready` and `/metrics` of this process, API or worker. */
export async function startInternalServer(options: {
  host: string;
  port: number;
  metrics: Metrics;
  readiness: Readiness;
}): Promise<InternalServer> {
  const { metrics, readiness } = options;
  const server = createServer((request, response) => {
    void answer(request.method ?? '', request.url ?? '', response).catch(() => {
      response.destroy();
    });
  });

  async function answer(method: string, url: string, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, { error: 'GET only' });
    switch (url.split('?', 1)[0]) {
      case '/health/live':
        return send(response, 200, { live: true });
      case '/health/ready': {
        const report = await readiness.check();
        return send(response, report.ready ? 200 : 503, report);
      }
      case '/metrics':
        response.setHeader('Content-Type', metrics.registry.contentType);
        response.end(await metrics.registry.metrics());
        return;
      default:
        return send(response, 404, { error: '/health/live, /health/ready and /metrics are here' });
    }
  }

  const port = await listen(server, { host: options.host, port: options.port });
  return {
    port,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
