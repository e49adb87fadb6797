/** Runs a life undisturbed, then once for each of its crash points. */
import type { LifeKind } from '../../../domain/lifecycle/life.ts';
import { fingerprint } from './fingerprint.ts';
import type { NotedEffect } from './supervisor.ts';
import { isAllowed, isPeculiar, type Verdict, verdictOf } from './verdict.ts';
import { VICTIMS, type Victim, type VictimPoint, type World } from './world.ts';
import type { Worlds } from './worlds.ts';

/** A life from its beginning to its end, as its people and its instants drive it. */
export interface LifeStory {
  readonly kind: LifeKind;
  live(world: World): Promise<void>;
}

/** An outside effect of the undisturbed life, and which of its occurrences changed something. */
export interface Effect {
  readonly victim: Victim;
  readonly name: string;
  readonly occurrences: readonly number[];
}

export interface Undisturbed {
  readonly end: readonly string[];
  readonly effects: readonly Effect[];
}

export interface Outcome {
  readonly point: VictimPoint;
  readonly verdict: Verdict;
}

/** Lives a life, with a kill or without; gives its end and the effects that it had. */
async function runLife(
  worlds: Worlds,
  story: LifeStory,
  points: readonly VictimPoint[],
): Promise<Undisturbed & { readonly deaths: readonly VictimPoint[] }> {
  return worlds.use(async (world) => {
    await world.begin(points);
    await story.live(world);
    await world.rest();
    const effects = VICTIMS.flatMap((victim) => gathered(victim, world.effects(victim)));
    return { end: await fingerprint(world), effects, deaths: world.deaths() };
  });
}

function gathered(victim: Victim, noted: readonly NotedEffect[]): Effect[] {
  const byName = Map.groupBy(noted, ({ name }) => name);
  return [...byName].map(([name, all]) => ({
    victim,
    name,
    occurrences: all.map(({ occurrence }) => occurrence),
  }));
}

/**
 * Lives it twice: what differs between the two is chance.
 * @throws Error where the two ends differ
 */
export async function runUndisturbed(worlds: Worlds, story: LifeStory): Promise<Undisturbed> {
  const [one, other] = await Promise.all([runLife(worlds, story, []), runLife(worlds, story, [])]);
  const verdict = verdictOf([], one.end, other.end);
  if (verdict.type === 'different') {
    throw new Error(`two undisturbed lives differ:\n${verdict.differences.join('\n')}`);
  }
  const effects = one.effects.flatMap((effect) => {
    const same = other.effects.find(
      ({ victim, name }) => victim === effect.victim && name === effect.name,
    );
    const occurrences = effect.occurrences.filter((nth) => same?.occurrences.includes(nth));
    return occurrences.length === 0 ? [] : [{ ...effect, occurrences }];
  });
  return { end: one.end, effects };
}

/**
 * Lives a life with several kills. Where it does not end as undisturbed, or does not reach a point, those
 * points are tried again, each in a life of its own.
 */
export async function runPoints(
  worlds: Worlds,
  story: LifeStory,
  undisturbed: Undisturbed,
  points: readonly VictimPoint[],
): Promise<Outcome[]> {
  const { verdict, reached } = await runOnce(worlds, story, undisturbed, points);
  // What differs and may is of the one point that is peculiar.
  const isGood = verdict.type === 'same' || (isAllowed(verdict) && points.some(isPeculiar));
  const outcomes: Outcome[] = [];
  for (const point of points) {
    const wasReached = reached.some((death) => isSame(death, point));
    if (isGood && wasReached) {
      outcomes.push({ point, verdict: isPeculiar(point) ? verdict : { type: 'same' } });
      continue;
    }
    const alone = await runOnce(worlds, story, undisturbed, [point]);
    const isReached = alone.reached.length > 0 || alone.verdict.type === 'different';
    outcomes.push({ point, verdict: isReached ? alone.verdict : { type: 'not reached' } });
  }
  return outcomes;
}

async function runOnce(
  worlds: Worlds,
  story: LifeStory,
  { end }: Undisturbed,
  points: readonly VictimPoint[],
): Promise<{ readonly verdict: Verdict; readonly reached: readonly VictimPoint[] }> {
  try {
    const run = await runLife(worlds, story, points);
    return { verdict: verdictOf(points, end, run.end), reached: run.deaths };
  } catch (error) {
    return { verdict: { type: 'different', differences: [String(error)] }, reached: [] };
  }
}

function isSame(one: VictimPoint, other: VictimPoint): boolean {
  return (
    one.victim === other.victim &&
    one.name === other.name &&
    one.occurrence === other.occurrence &&
    one.side === other.side
  );
}
