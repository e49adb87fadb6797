/**
 * What a client that sends a file in parts must know: which parts are still to be sent, and which entity
 * tags it names when it completes. Shared by the import and the uploader's page, which runs it in the
 * browser: it imports types only.
 */
import type { PartPlan } from './part-plan.ts';

/** A part of a file, as a range of its bytes. */
export interface PartRange {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

interface ListedPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
}

/** Where a part lies in its file; the last one has what is left. */
export function partRange({ size, partSize }: PartPlan, number: number): PartRange {
  const offset = (number - 1) * partSize;
  return { number, offset, length: Math.min(partSize, size - offset) };
}

/**
 * The entity tags of the parts that need not be sent again: those that the store lists under the tag that
 * the client had for them, and those that it lists once, in the right size. A part that it lists twice,
 * and the client does not know, is sent again: nobody could say which of the two is right.
 *
 * @param known tags that the store gave this client
 */
export function storedParts(
  plan: PartPlan,
  listed: readonly ListedPart[],
  known: ReadonlyMap<number, string> = new Map(),
): Map<number, string> {
  const byNumber = new Map<number, ListedPart[]>();
  for (const part of listed) {
    byNumber.set(part.partNumber, [...(byNumber.get(part.partNumber) ?? []), part]);
  }
  const stored = new Map<number, string>();
  for (const [number, parts] of byNumber) {
    if (number > plan.partCount) continue;
    const { length } = partRange(plan, number);
    const tags = parts.filter(({ size }) => size === length).map(({ etag }) => etag);
    const own = known.get(number);
    if (own !== undefined && tags.includes(own)) stored.set(number, own);
    else if (tags[0] !== undefined && parts.length === 1) stored.set(number, tags[0]);
  }
  return stored;
}

/**
 * The parts that a refused completion wants to have again; null where it was refused for something else.
 * @param problem the members of the problem document
 */
export function partsRefused(problem: Readonly<Record<string, unknown>>): number[] | null {
  const { missing, ambiguous, wrongSize } = problem;
  const named = [missing, ambiguous, wrongSize].find((numbers) => Array.isArray(numbers));
  return named === undefined ? null : named.map(Number);
}
