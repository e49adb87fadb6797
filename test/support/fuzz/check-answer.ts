import { PROBLEMS } from '../../../domain/errors.ts';
import type { FuzzRequest, Operation } from './requests.ts';

/** An answer as it came. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * What is wrong with an answer: an error of ours, a status or a type that the document does not have, or an
 * error that is told in another form than the document's.
 */
export function faultsOf(operation: Operation, answer: FuzzAnswer): readonly string[] {
  const { status, headers, text } = answer;
  const documented = operation.responses[String(status)];
  const type = (headers.get('Content-Type') ?? '').split(';')[0] ?? '';
  const types = Object.keys(documented?.content ?? {});
  const isRefused = status >= 400;
  return [
    status >= 500 && `an error of ours: ${status}`,
    documented === undefined && `the status ${status} is not documented`,
    documented !== undefined &&
      types.length > 0 &&
      !types.includes('*/*') &&
      !types.includes(type) &&
      `a body of type ${type}`,
    isRefused && !types.includes('application/json') && problemFault(status, type, headers, text),
    (status === 429 || status === 503) &&
      !headers.has('Retry-After') &&
      'it does not say when to try again',
  ].filter((fault) => typeof fault === 'string');
}

function problemFault(
  status: number,
  type: string,
  headers: Headers,
  text: string,
): string | false {
  if (type !== 'application/problem+json') return `an error of type ${type}: ${text.slice(0, 200)}`;
  const problem = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const code = String(problem.code);
  const known = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as keyof typeof PROBLEMS] : null;
  if (known === null) return `the unknown code ${code}`;
  if (known.status !== status || problem.status !== status) return `${code} with status ${status}`;
  if (problem.title !== known.title || problem.type !== `/problems/${code}`)
    return 'another title or type';
  if (problem.requestId !== headers.get('X-Request-Id')) return 'another request id';
  if (typeof problem.detail !== 'string' || problem.detail === '') return 'no detail';
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  return (
    status === 422 && code === 'validation-failed' && errors.length === 0 && 'no fault is named'
  );
}

/** A request and its answer, as a failing test tells them. */
export function told(operation: Operation, request: FuzzRequest, answer: FuzzAnswer): string {
  const body = request.body === null ? '' : `\n${request.body.toString().slice(0, 1_000)}`;
  return `${operation.verb} ${request.address.slice(0, 500)} ${JSON.stringify(request.headers)}${body}\n→ ${answer.status} ${answer.text.slice(0, 1_000)}`;
}
