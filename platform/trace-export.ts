/** Where spans go: to a collector, by OTLP over HTTP. */
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** The traces of a process; stop them at its end, so that the last spans go out. */
export interface TraceExport {
  stop(): Promise<void>;
}

/**
 * Sends spans to a collector by OTLP over HTTP; does nothing without one.
 * @param options.endpoint base address of the collector, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it
 * @param options.ratio share of traces that are recorded, 0 to 1
 */
export function startTraceExport(options: {
  readonly process: 'api' | 'worker';
  readonly endpoint: string | undefined;
  readonly ratio: number;
}): TraceExport {
  if (options.endpoint === undefined) return { stop: async () => undefined };
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `casebridge-${options.process}` }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
