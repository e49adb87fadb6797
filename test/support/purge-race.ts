/**
 * A purge that runs, and somebody who comes between: a hold, a share, a link, a copy or another category is
 * placed at a random moment. Whoever was answered that it is done must find the evidence kept; whoever was
 * refused, and whatever ends, must find it destroyed in the end.
 */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { Category } from '../../domain/retention/category.entity.ts';
import type { TestAnswer, TestApi } from './api.ts';
import { buildCopyingPair, type CopyingPair, liveCopy } from './copies.ts';
import { buildCase, buildCategory, buildEvidence } from './factories.ts';
import { randomFrom } from './random.ts';
import { DAY, inDays, liveRetention, retentionOf, slices } from './retention.ts';

/** What races are run in: two organizations, and a short and a long category. */
export interface RaceWorld {
  readonly api: TestApi;
  readonly pair: CopyingPair;
  readonly short: Category;
  readonly long: Category;
}

async function buildRaceWorld(api: TestApi): Promise<RaceWorld> {
  const pair = await buildCopyingPair(api);
  // Partner access is not for justice organizations.
  await api.database.em
    .fork()
    .execute(`update organizations set kind = 'police' where id = ?`, [pair.partner.id]);
  return {
    ...{ api, pair },
    short: await buildCategory(api, pair.source, { retentionDays: 1 }),
    long: await buildCategory(api, pair.source, { retentionDays: 3_000 }),
  };
}

/** What somebody does about a piece of evidence, and how that ends again. */
interface Placing {
  place(race: Race): Promise<TestAnswer>;
  /** What must be so while it lasts, the evidence being kept. */
  lasts?(race: Race, answer: TestAnswer): Promise<string | null>;
  end(race: Race, answer: TestAnswer): Promise<unknown>;
}

interface Race extends RaceWorld {
  readonly inCase: Case;
  readonly evidence: Evidence;
}

const selected = ({ evidence }: Race) => ({ type: 'selected', evidenceIds: [evidence.id] });

function shareOf(fields: (race: Race) => object): Placing['place'] {
  return (race) =>
    race.api.post(`/cases/${race.inCase.id}/shares`, race.pair.sender, {
      scope: selected(race),
      ...fields(race),
    });
}

const toPartner = ({ pair }: Race) => ({
  partnerOrganizationId: pair.partner.id,
  recipients: [{ type: 'user', id: pair.receiver.id }],
});

const revoke: Placing['end'] = ({ api, pair }, { body }) =>
  api.post(`/shares/${body.id}/revoke`, pair.sender);

const categorise = ({ api, pair, evidence }: Race, { id }: Category) =>
  api.patch(`/evidence/${evidence.id}`, pair.sender, { categoryIds: [id] });

const PLACINGS = {
  hold: {
    place: ({ api, pair, evidence }) =>
      api.put(`/evidence/${evidence.id}/hold`, pair.sender, { reason: 'An appeal' }),
    end: ({ api, pair, evidence }) => api.delete(`/evidence/${evidence.id}/hold`, pair.sender),
  },
  access: {
    place: shareOf((race) => ({
      ...{ method: 'partner_access', access: 'view_and_download', durationDays: 9 },
      ...toPartner(race),
    })),
    end: revoke,
  },
  link: { place: shareOf(() => ({ method: 'download_link', format: 'zip' })), end: revoke },
  copy: {
    place: shareOf((race) => ({ method: 'copy', ...toPartner(race) })),
    async lasts({ api }, { body }) {
      const plan = await liveCopy(api, body.id);
      return plan.shown.state === 'delivered' ? null : `the copy is ${plan.shown.state}`;
    },
    end: async () => undefined,
  },
  category: {
    place: (race) => categorise(race, race.long),
    end: (race) => categorise(race, race.short),
  },
} as const satisfies Record<string, Placing>;

/** What came of one race; `fault` is null where all is well. */
export interface RaceOutcome {
  readonly placed: keyof typeof PLACINGS;
  readonly won: boolean;
  readonly fault: string | null;
}

/** The states in which a race begins, as days after which the purge runs. */
const STAGES = [0, 8] as const;

/** Runs one race to its end, and to what must become of the evidence after that. */
async function racePurge(world: RaceWorld, seed: number): Promise<RaceOutcome> {
  const random = randomFrom(seed);
  const { api, pair } = world;
  const kinds = Object.keys(PLACINGS) as (keyof typeof PLACINGS)[];
  const placed = kinds[random(kinds.length)] ?? 'hold';
  const placing: Placing = PLACINGS[placed];
  // A queued file can be shared no more: there the hold and the category are what may come between.
  const canComeLate = placed === 'hold' || placed === 'category';
  const stage = STAGES[canComeLate ? random(STAGES.length) : 0] ?? 0;
  const inCase = await buildCase(api, { owner: pair.sender });
  const race: Race = { ...world, inCase, evidence: await buildDueInCase(world, inCase) };
  const organization = pair.source.id;
  if (stage > 0) await slices.look(api, organization, new Date());
  const [answer] = await Promise.all([
    pause(random(12)).then(() => placing.place(race)),
    pause(random(canComeLate ? 16 : 60)).then(async () => {
      await slices.look(api, organization, inDays(stage));
      await slices.destroy(api, organization, inDays(stage));
    }),
  ]);
  const won = answer.status < 300;
  const outcome = (fault: string | null) => ({ placed, won, fault });
  if (won) {
    await liveRetention(api, organization, inDays(stage));
    await liveRetention(api, organization, inDays(stage + 9));
    const { state } = await retentionOf(api, race.evidence.id);
    if (state !== 'active' && !(placed === 'hold' && state === 'queued_for_deletion')) {
      return outcome(`it is protected, and ${state}`);
    }
    const unread = await readable(race);
    if (unread !== null) return outcome(unread);
    const wrong = (await placing.lasts?.(race, answer)) ?? null;
    if (wrong !== null) return outcome(wrong);
    await placing.end(race, answer);
  } else if (![404, 409, 422].includes(answer.status)) {
    return outcome(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  // Nothing keeps it any more: in a day it is looked at, 7 days later it is gone.
  for (const days of [10.1, 19, 30]) await liveRetention(api, organization, inDays(stage + days));
  const { state, goneAt } = await retentionOf(api, race.evidence.id);
  return outcome(
    state === 'destroyed' && goneAt !== null ? null : `nothing keeps it, and it is ${state}`,
  );
}

async function buildDueInCase(world: RaceWorld, inCase: Case): Promise<Evidence> {
  const { api, pair, short } = world;
  const fields = { recordedAt: inDays(-100) };
  const evidence = await buildEvidence(api, { owner: pair.sender, inCase, fields });
  const due = new Date(fields.recordedAt.getTime() + DAY);
  const em = api.database.em.fork();
  await em.execute(
    `update cases set retention_policy = 'individual_evidence_retention' where id = ?`,
    [inCase.id],
  );
  await em.execute('insert into evidence_categories (evidence_id, category_id) values (?, ?)', [
    evidence.id,
    short.id,
  ]);
  await em.execute(
    'update evidence set queued_for_deletion_on = ?, retention_look_at = ? where id = ?',
    [due, due, evidence.id],
  );
  return evidence;
}

async function readable({ api, evidence }: Race): Promise<string | null> {
  try {
    const range = { offset: 0, length: evidence.size };
    const bytes = await buffer(
      await api.store.read(evidence.objectKey, range, evidence.objectVersion),
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return sha256 === evidence.sha256 ? null : 'it is protected, and its bytes are others';
  } catch {
    return 'it is protected, and its bytes are gone';
  }
}

/** Runs so many races; gives what went wrong, and how many were won and lost of each kind. */
export async function racePurges(
  api: TestApi,
  rounds: number,
  firstSeed: number,
): Promise<{
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}> {
  let world = await buildRaceWorld(api);
  const faults: string[] = [];
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    // A new organization now and then, so that what earlier rounds left costs nothing.
    if (round > 0 && round % 100 === 0) world = await buildRaceWorld(api);
    const seed = firstSeed + round;
    const { placed, won, fault } = await racePurge(world, seed);
    const name = `${placed} ${won ? 'won' : 'lost'}`;
    counts[name] = (counts[name] ?? 0) + 1;
    if (fault !== null) faults.push(`seed ${seed}, ${placed}: ${fault}`);
  }
  return { faults, counts };
}
