/** Asks every operation of the OpenAPI document for all that it takes, and for what it does not. */
import fc from 'fast-check';
import { openApiDocument } from '../../../api/openapi.ts';
import { PUBLIC_PATHS } from '../../../api/routes/public-paths.ts';
import { STAFF_ROUTES } from '../../../api/routes/staff-routes.ts';
import type { TestApi } from '../api.ts';
import { type FuzzAnswer, faultsOf, told } from './check-answer.ts';
import { type FuzzWorld, seedOf } from './fuzz-world.ts';
import { type FuzzRequest, type Operation, readDocument, requestsTo } from './requests.ts';

const { operations, components } = readDocument(openApiDocument(STAFF_ROUTES, PUBLIC_PATHS));

/** Looking, then making, then changing, then ending: so that most find what they ask for. */
const ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Every operation of the document. */
export const OPERATIONS: readonly Operation[] = operations.toSorted(
  (one, other) =>
    ORDER.indexOf(one.verb) - ORDER.indexOf(other.verb) || Number(ends(one)) - Number(ends(other)),
);

function ends({ path }: Operation): boolean {
  return /\/(close|revoke|cancel|submission)$/.test(path);
}

/**
 * Sends an operation so many requests, one after the other.
 * @returns how many answers of each status there were
 * @throws Error that tells the smallest request that was answered wrongly, and its seed
 */
export async function fuzz(
  api: TestApi,
  world: FuzzWorld,
  operation: Operation,
  options: { readonly runs: number; readonly seed: number },
): Promise<ReadonlyMap<number, number>> {
  await world.refresh();
  const statuses = new Map<number, number>();
  const who = await world.headersFor(operation);
  await fc.assert(
    fc.asyncProperty(
      requestsTo(operation, { components, idsFor: world.idsFor }),
      async (request) => {
        const answer = await sent(api, operation, request, who);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const faults = faultsOf(operation, answer);
        if (faults.length > 0) {
          throw new Error(`${faults.join('; ')}\n${told(operation, request, answer)}`);
        }
      },
    ),
    { numRuns: options.runs, seed: seedOf(operation, options.seed), endOnFailure: true },
  );
  return statuses;
}

async function sent(
  api: TestApi,
  { verb }: Operation,
  { address, headers, body }: FuzzRequest,
  who: Readonly<Record<string, string>>,
): Promise<FuzzAnswer> {
  const response = await fetch(`${api.origin}${address}`, {
    method: verb,
    redirect: 'manual',
    headers: { ...headers, ...who },
    ...(body === null ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
