/** Which crash points the effects of a life have. */
import type { LifeKind } from '../../../domain/lifecycle/life.ts';
import type { Effect } from './runner.ts';
import { isPeculiar } from './verdict.ts';
import type { VictimPoint } from './world.ts';

/** What goes on beside every life; the life of retention itself is another matter. */
const BESIDE = / of retention(:|$)/;
/** What many requests do in the same way, once each: its first in a life stands for them. */
const ALIKE = ['commit of idempotency_keys', 'commit of rate_limits'];

/**
 * The points of a life: before and after the first, second and last occurrence of each effect. Rounds, and
 * turns that only plan, come as often as chance will have it and are alike: of them the first.
 */
export function pointsOf(kind: LifeKind, effects: readonly Effect[]): VictimPoint[] {
  const seen = new Set<string>();
  return effects.flatMap(({ victim, name, occurrences }) => {
    if (kind !== 'retention' && BESIDE.test(name)) return [];
    const alike = ALIKE.find((end) => name.endsWith(`: ${end}`));
    if (alike !== undefined && seen.has(alike)) return [];
    if (alike !== undefined) seen.add(alike);
    const isEndless =
      alike !== undefined ||
      name.startsWith('background: ') ||
      /^(?:turn of [\w-]+: commit of lifecycles|poke of .*)$/.test(name);
    return chosen(occurrences, isEndless).flatMap((occurrence) =>
      (['before', 'after'] as const).map((side) => ({ victim, name, occurrence, side })),
    );
  });
}

function chosen(occurrences: readonly number[], isEndless: boolean): number[] {
  const [first, second] = occurrences;
  const last = occurrences.at(-1);
  const wanted = isEndless ? [first] : [first, second, last];
  return [...new Set(wanted)].filter((nth) => nth !== undefined);
}

/**
 * Points that are tried in one life, so that fewer lives are lived: of names that differ, since a kill
 * moves the later occurrences of its name, and with one at most whose end may differ.
 */
export function inLives(points: readonly VictimPoint[], most: number): VictimPoint[][] {
  const lives: VictimPoint[][] = [];
  for (const point of points) {
    const peculiar = isPeculiar(point);
    const life = lives.find(
      (others) =>
        others.length < most &&
        others.every(({ name }) => name !== point.name) &&
        !(peculiar && others.some(isPeculiar)),
    );
    if (life === undefined) lives.push([point]);
    else life.push(point);
  }
  return lives;
}
