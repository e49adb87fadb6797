/**
 * OpenTelemetry traces: spans for requests, pokes, turns and slices. Where no collector is configured
 * every span is one that does nothing. Spans name routes, ids and kinds, never an address, a token or
 * anything about a person.
 */
import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { describeError } from './error-description.ts';

/** What a span is about, and what it belongs to. */
export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** What it is part of, where that is not what runs now. */
  readonly parent?: Context;
  /** What it comes from without being part of it. */
  readonly links?: Link[];
}

/** Does some work as a span, which ends with it; what it throws is noted by its type alone. */
export async function inSpan<T>(
  name: string,
  { parent, ...options }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const tracer = trace.getTracer('casebridge');
  return tracer.startActiveSpan(name, options, parent ?? context.active(), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: describeError(error).type });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What runs now as a W3C `traceparent`, to go on with elsewhere; null where nothing is traced. */
export function traceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** What a `traceparent` names, for a span elsewhere to be part of it. */
export function contextOf(value: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent: value });
}

/** What a `traceparent` names, for a span elsewhere to refer to. */
export function linksTo(value: string): Link[] {
  const spanContext = trace.getSpanContext(contextOf(value));
  return spanContext === undefined ? [] : [{ context: spanContext }];
}

/** Whether anybody takes spans: what only serves them need not be asked for otherwise. */
export function isTraced(): boolean {
  return propagation.fields().length > 0;
}

export { SpanKind };
