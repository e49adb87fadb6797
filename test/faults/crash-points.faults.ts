/**
 * Every crash point of every life: API or worker is killed right before or after an outside effect, started
 * again, and the world must end as it ends undisturbed.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inLives, pointsOf } from './crash-points/points.ts';
import { runPoints, runUndisturbed } from './crash-points/runner.ts';
import { type LifeOutcomes, sentenceOf, tableOf } from './crash-points/table.ts';
import { createWorlds } from './crash-points/worlds.ts';
import { STORIES } from './lives/stories.ts';

/** Kills in one life at most. */
const KILLS = 3;

const worlds = createWorlds(4);

/** Where the table is written, beside being printed. */
const TABLE = join(tmpdir(), 'casebridge-crash-points.md');

const lives: LifeOutcomes[] = [];
afterAll(async () => {
  await worlds.stop();
  const sentences = lives.flatMap(({ kind, outcomes }) =>
    outcomes
      .filter(({ verdict }) => verdict.type !== 'same')
      .map((outcome) => `- ${kind}: ${sentenceOf(outcome)}`),
  );
  const text = `${tableOf(lives)}\n\n${sentences.join('\n')}\n`;
  process.stdout.write(text);
  writeFileSync(TABLE, text);
});

test.each(Object.values(STORIES))(
  'a $kind ends the same wherever API or worker is killed',
  async (story) => {
    const undisturbed = await runUndisturbed(worlds, story);
    const points = pointsOf(story.kind, undisturbed.effects);
    const lived = await Promise.all(
      inLives(points, KILLS).map((some) => runPoints(worlds, story, undisturbed, some)),
    );
    const outcomes = lived.flat();
    lives.push({ kind: story.kind, undisturbed, outcomes });
    const different = outcomes.filter(({ verdict }) => verdict.type === 'different');
    expect(different.map(sentenceOf)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(0);
  },
  3_600_000,
);
