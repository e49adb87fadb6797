import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a process counts, in the form that Prometheus reads. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts an answered request with its duration; the route is a pattern, never an address. */
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  /** Counts bytes of evidence that went out. */
  countSent(bytes: number): void;
  /** Shows how many streams of evidence are under way. */
  observeStreams(running: () => number): void;
}

/** Seconds; downloads of large archives run for hours, and are counted in the last bucket. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

/** Makes the registry of a process, with Node's own figures (memory, event loop, file handles). */
export function createMetrics(process: 'api' | 'worker' | 'test'): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  if (process !== 'test') collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'casebridge_http_request_duration_seconds',
    help: 'Requests answered, by method, route and status, with the time to the end of the answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: DURATIONS,
    registers: [registry],
  });
  const sent = new Counter({
    name: 'casebridge_streamed_bytes_total',
    help: 'Bytes of evidence and of archives that went out',
    registers: [registry],
  });
  return {
    registry,
    countSent: (bytes) => sent.inc(bytes),
    observeStreams(running) {
      registry.registerMetric(
        new Gauge({
          name: 'casebridge_streams',
          help: 'Streams of evidence and of archives under way',
          registers: [],
          collect() {
            this.set(running());
          },
        }),
      );
    },
    observeRequest({ method, route, status, seconds }) {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
  };
}
