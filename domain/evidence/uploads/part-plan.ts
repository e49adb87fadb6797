/** How a file is cut into parts, and which parts of what the store lists make the file. */
import { DomainError, type Fault, invalid } from '../../errors.ts';

/** 1.5 TB, decimal (product rules, section 4). */
export const LARGEST_FILE = 1_500_000_000_000;

/** Parts that a file is planned in at most: S3 allows 10,000, some room is left. */
const MOST_PARTS = 9_500;

const MIB = 1024 ** 2;

/** Part sizes grow in these steps, in bytes. */
const STEP = 16 * MIB;

/** Fixed when an upload begins; resuming with another part size would mix up the file. */
export interface PartPlan {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

/**
 * The plan for a file of `size` bytes: parts of `minimumPartSize`, or so large that 9,500 are enough
 * (rounded up to 16 MiB). An empty file has one empty part.
 */
export function planParts(size: number, minimumPartSize: number): PartPlan {
  const needed = Math.ceil(Math.ceil(size / MOST_PARTS) / STEP) * STEP;
  const partSize = size / minimumPartSize <= MOST_PARTS ? minimumPartSize : needed;
  return { size, partSize, partCount: Math.max(1, Math.ceil(size / partSize)) };
}

/** Bytes of one part: all have the plan's size but the last. */
export function sizeOfPart(plan: PartPlan, partNumber: number): number {
  return Math.min(plan.partSize, plan.size - (partNumber - 1) * plan.partSize);
}

interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
}
interface ListedPart extends NamedPart {
  readonly size: number;
}

/**
 * The parts that make the file: of what the store lists, the one sent under each number; where a
 * number was sent more than once, the one that the client names.
 *
 * @param named entity tags that the client had for its parts, as few or many as it likes
 * @throws DomainError `validation-failed`, `parts-missing`, `part-ambiguous` or `part-wrong-size`,
 *   each with the numbers that it is about
 */
export function chooseParts(
  plan: PartPlan,
  listed: readonly ListedPart[],
  named: readonly NamedPart[],
): readonly ListedPart[] {
  const wanted = tagsByNumber(plan, named);
  const sent = new Map<number, Map<string, ListedPart>>();
  for (const part of listed) {
    const ofNumber = sent.get(part.partNumber) ?? new Map<string, ListedPart>();
    sent.set(part.partNumber, ofNumber.set(part.etag, part));
  }
  const chosen: ListedPart[] = [];
  const missing: number[] = [];
  const ambiguous: number[] = [];
  for (let number = 1; number <= plan.partCount; number += 1) {
    const candidates = [...(sent.get(number)?.values() ?? [])];
    const tag = wanted.get(number);
    const fitting = tag === undefined ? candidates : candidates.filter(({ etag }) => etag === tag);
    const [part] = fitting;
    if (part === undefined) missing.push(number);
    else if (fitting.length > 1) ambiguous.push(number);
    else chosen.push(part);
  }
  refuse('parts-missing', 'missing', missing, 'The store does not have parts');
  refuse(
    'part-ambiguous',
    'ambiguous',
    ambiguous,
    'Name the entity tag of the right one: sent more than once are parts',
  );
  const wrong = chosen.filter((part) => part.size !== sizeOfPart(plan, part.partNumber));
  refuse(
    'part-wrong-size',
    'wrongSize',
    wrong.map(({ partNumber }) => partNumber),
    'Send them again: not of the planned size are parts',
  );
  return chosen;
}

function tagsByNumber(plan: PartPlan, named: readonly NamedPart[]): Map<number, string> {
  const tags = new Map<number, string>();
  const faults: Fault[] = [];
  for (const [index, { partNumber, etag }] of named.entries()) {
    const pointer = `/parts/${index}/partNumber`;
    if (partNumber > plan.partCount) faults.push({ pointer, detail: outOfRange(plan) });
    else if (tags.has(partNumber)) faults.push({ pointer, detail: 'This part is named twice.' });
    tags.set(partNumber, etag);
  }
  if (faults.length > 0) throw invalid(...faults);
  return tags;
}

/** What to say of a part number beyond the plan. */
export function outOfRange({ partCount }: PartPlan): string {
  return partCount === 1
    ? 'This file has one part: 1.'
    : `Parts are numbered from 1 to ${partCount}.`;
}

/** Part numbers that a sentence lists; the member of the problem document has all. */
const LISTED = 10;

function refuse(
  code: 'parts-missing' | 'part-ambiguous' | 'part-wrong-size',
  member: string,
  numbers: readonly number[],
  sentence: string,
): void {
  if (numbers.length === 0) return;
  const list = numbers.slice(0, LISTED).join(', ') + (numbers.length > LISTED ? ' …' : '');
  throw new DomainError(code, `${sentence} ${list}.`, { members: { [member]: numbers } });
}
