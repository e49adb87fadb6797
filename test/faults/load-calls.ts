/** Calls of clients that go on asking until they are told, each attempt noted in the ledger. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestAnswer } from '../support/api.ts';
import type { ActName, Ledger } from './ledger.ts';

/** Milliseconds after which a client takes a call for lost. */
const CALL_PATIENCE = 15_000;
/** Milliseconds for which it asks again. */
const ACT_PATIENCE = 240_000;
/** Milliseconds between two attempts; longer where `Retry-After` says so, up to the second. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 3_000;

/** An act that was refused, or whose outcome nobody knows: its client does something else then. */
export class GivenUpError extends Error {}

/** A request as it is made again and again. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the origin. */
  readonly path: string;
  readonly body?: unknown;
  /** Of a staff user, or of a guest. */
  readonly as: { readonly email: string } | { readonly cookie: string } | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an act is, for the ledger. */
export interface LoadAct {
  readonly name: ActName;
  readonly marker?: string;
  readonly entity?: string;
  readonly expects?: string;
}

/** Calls to one API. */
export interface LoadCalls {
  readonly origin: string;
  /** Reads, or does what may be done any number of times, until it goes right. */
  ask(request: LoadRequest): Promise<TestAnswer>;
  /**
   * Does something once: under the same `Idempotency-Key` with every attempt, as far as it is a POST.
   * @param isDone tells by a refusal that an earlier attempt had happened
   * @throws GivenUpError
   */
  act(
    what: LoadAct,
    request: LoadRequest,
    isDone?: (refusal: TestAnswer) => Promise<boolean>,
  ): Promise<TestAnswer>;
  /** Failures that do not say when to come again: every 500, and a 503 without `Retry-After`. */
  readonly ungracious: readonly string[];
  /** The longest that a 503 took, in milliseconds. */
  readonly slowestUnavailable: number;
}

export function createLoadCalls(origin: string, ledger: Ledger): LoadCalls {
  const tokens = new Map<string, string>();
  const ungracious: string[] = [];
  let slowestUnavailable = 0;

  async function send(
    { method, path, body, headers = {} }: LoadRequest,
    own: Readonly<Record<string, string>>,
  ): Promise<TestAnswer> {
    const asked = performance.now();
    const response = await fetch(`${origin}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_PATIENCE),
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...own,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status } = response;
    if (status >= 500 && response.headers.get('Retry-After') === null) {
      ungracious.push(`${status} to ${method} ${path}`);
    }
    if (status === 503) {
      slowestUnavailable = Math.max(slowestUnavailable, performance.now() - asked);
    }
    const isJson = response.headers.get('Content-Type')?.includes('json') === true;
    return {
      status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  async function credentials(as: LoadRequest['as']): Promise<Record<string, string>> {
    if (as === null) return {};
    if ('cookie' in as) return { Cookie: as.cookie };
    let token = tokens.get(as.email);
    if (token === undefined) {
      const { body } = await asking(async () =>
        send({ method: 'POST', path: '/dev/token', body: { email: as.email }, as: null }, {}),
      );
      token = String(body.accessToken);
      tokens.set(as.email, token);
    }
    return { Authorization: `Bearer ${token}` };
  }

  async function asking(attempt: () => Promise<TestAnswer>): Promise<TestAnswer> {
    const end = performance.now() + ACT_PATIENCE;
    for (let tries = 0; performance.now() < end; tries += 1) {
      const answer = await attempt().catch(() => null);
      if (answer !== null && !saysNothing(answer)) return answer;
      await pause(pauseAfter(answer, tries));
    }
    throw new GivenUpError('nobody answers');
  }

  return {
    origin,
    ungracious,
    get slowestUnavailable() {
      return slowestUnavailable;
    },
    ask: async (request) => asking(async () => send(request, await credentials(request.as))),
    async act(what, request, isDone) {
      const act = randomUUID();
      const { name, marker = null, entity = null, expects = null } = what;
      const own = {
        ...(await credentials(request.as)),
        ...(request.method === 'POST' ? { 'Idempotency-Key': act } : {}),
      };
      const end = performance.now() + ACT_PATIENCE;
      for (let tries = 0; performance.now() < end; tries += 1) {
        ledger.write({ type: 'invoke', act, name, marker, entity, expects, at: Date.now() });
        const told = (type: 'ok' | 'fail' | 'info', made: string | null, said: string) =>
          ledger.write({ type, act, made, said, at: Date.now() });
        const answer = await send(request, own).catch((error: unknown) => {
          told('info', null, error instanceof Error ? error.name : 'error');
          return null;
        });
        if (answer !== null) {
          const said = `${answer.status} ${answer.body?.code ?? ''}`.trim();
          if (answer.status < 300) {
            told('ok', answer.body?.id ?? null, said);
            return answer;
          }
          if (saysNothing(answer)) told('info', null, said);
          else if (tries > 0 && (await isDone?.(answer)) === true) {
            told('ok', null, `${said}, but it had been done`);
            return answer;
          } else {
            told('fail', null, said);
            throw new GivenUpError(`${name}: ${said} ${JSON.stringify(answer.body)}`);
          }
        }
        await pause(pauseAfter(answer, tries));
      }
      throw new GivenUpError(`${name}: nobody answers`);
    },
  };
}

/** An answer that leaves open whether anything happened, or that asks to come again. */
function saysNothing({ status, body }: TestAnswer): boolean {
  return status >= 500 || status === 429 || body?.code === 'idempotency-key-in-use';
}

function pauseAfter(answer: TestAnswer | null, tries: number): number {
  const asked = Number(answer?.headers.get('Retry-After') ?? 0) * 1_000;
  return Math.min(Math.max(asked, FIRST_PAUSE * 2 ** Math.min(tries, 6)), LONGEST_PAUSE);
}
