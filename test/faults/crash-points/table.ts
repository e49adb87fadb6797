/** What came of the crash points, for people. */
import type { LifeKind } from '../../../domain/lifecycle/life.ts';
import type { Outcome, Undisturbed } from './runner.ts';
import { ALLOWED } from './verdict.ts';

/** All points of one life. */
export interface LifeOutcomes {
  readonly kind: LifeKind;
  readonly undisturbed: Undisturbed;
  readonly outcomes: readonly Outcome[];
}

/** A row for each life. */
export function tableOf(lives: readonly LifeOutcomes[]): string {
  const rows = lives.map(({ kind, undisturbed, outcomes }) => {
    const count = (type: Outcome['verdict']['type']) =>
      outcomes.filter(({ verdict }) => verdict.type === type).length;
    const otherwise = ALLOWED.filter((type) => count(type) > 0);
    return [
      kind,
      undisturbed.effects.length,
      outcomes.length,
      count('same'),
      otherwise.map((type) => `${count(type)} × ${type}`).join(', ') || '–',
      count('different'),
      count('not reached'),
    ];
  });
  const head = [
    ...['lifecycle', 'effects', 'points', 'same end', 'otherwise, as it may', 'different'],
    'not reached',
  ];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** A point as people read it. */
export function sentenceOf({ point, verdict }: Outcome): string {
  const nth = point.occurrence === 1 ? '' : ` (occurrence ${point.occurrence})`;
  const where = `${point.victim}, ${point.side} ${point.name}${nth}: ${verdict.type}`;
  const differences = verdict.type === 'different' ? verdict.differences : [];
  return [where, ...differences.map((line) => `    ${line}`)].join('\n');
}
