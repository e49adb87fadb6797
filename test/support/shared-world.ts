import { findStaff, type Staff } from '../../domain/identity/staff.ts';
import { type CaseId, type EvidenceId, newId, type ShareId } from '../../domain/ids.ts';
import { recordShared } from '../../domain/sharing/shared-facts.ts';
import type { SharedOn } from '../../domain/sharing/shared-on.ts';
import type { TestApi } from './api.ts';
import { liesIn, localDay } from './calendar.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildPartner,
  buildUser,
  buildUserWith,
} from './factories.ts';
import { buildShareRow } from './shared-cases.ts';

/** The time zone of the organization. */
export const ZONE = 'America/Chicago';
export const PARTNERS = 3;
const CASES = 6;
export const EVIDENCE = 8;

/** Each piece of evidence lies in two cases, or in one. */
export const casesOf = (evidence: number) => [evidence % CASES, (evidence * 2 + 1) % CASES];

/** A share of the world: of one of our cases to a partner, or of a partner's case copied to ours. */
export interface WorldShare {
  readonly id: ShareId;
  readonly partner: number;
  readonly ourCase: number;
  readonly received: boolean;
}

/** An organization whose shares are recorded anew for each run of a property. */
export interface SharedWorld {
  readonly own: string;
  /** The partners, a stranger, and an id that nobody has. */
  readonly organizations: readonly string[];
  readonly cases: readonly {
    readonly id: CaseId;
    readonly number: number;
    /** Whether it is the investigator's: by itself, as a member, or through a group. */
    readonly own: boolean;
  }[];
  readonly evidence: readonly EvidenceId[];
  readonly shares: readonly WorldShare[];
  readonly administrator: Staff;
  readonly investigator: Staff;
}

/** Builds it: one organization of ours with cases and evidence, three partners, shares in both directions. */
export async function buildSharedWorld(api: TestApi): Promise<SharedWorld> {
  const ours = await buildOrganization(api, { timeZone: ZONE });
  const owner = await buildUser(api, { organization: ours });
  const investigator = await buildUserWith(api, ours, {
    'case.create': 'any',
    'case.edit': 'own',
    'evidence.view': 'own',
  });
  const group = await buildGroup(api, ours, [investigator]);
  const members: Readonly<Record<number, readonly ['user' | 'group', string]>> = {
    1: ['group', group.id],
    2: ['user', investigator.id],
    // An id of the other type names nobody.
    3: ['group', investigator.id],
    4: ['user', investigator.id],
    5: ['user', group.id],
  };
  const cases = [];
  for (let number = 0; number < CASES; number += 1) {
    const { id } = await buildCase(api, { owner: [0, 2].includes(number) ? investigator : owner });
    const member = members[number];
    if (member !== undefined) {
      await api.database.em
        .fork()
        .execute('insert into case_members values (?, ?, ?)', [id, ...member]);
    }
    cases.push({ id, number, own: [0, 1, 2, 4].includes(number) });
  }
  const evidence = [];
  for (let number = 0; number < EVIDENCE; number += 1) {
    const { id } = await buildEvidence(api, { owner });
    for (const index of new Set(casesOf(number))) {
      await api.put(`/cases/${cases[index]?.id}/evidence/${id}`, owner);
    }
    evidence.push(id);
  }
  const partners = [];
  const shares: WorldShare[] = [];
  for (let partner = 0; partner < PARTNERS; partner += 1) {
    const organization = await buildOrganization(api);
    partners.push(organization.id);
    const partnership = await buildPartner(api, ours, organization);
    const them = await buildUser(api, { organization });
    const theirs = await buildCase(api, { owner: them });
    for (const [ourCase, of] of cases.entries()) {
      const sent = { of, by: owner, to: organization };
      const copied = { of: theirs, by: them, to: ours };
      shares.push(
        {
          id: await buildShareRow(api, { ...sent, access: partnership }),
          ...{ partner, ourCase, received: false },
        },
        { id: await buildShareRow(api, sent), ...{ partner, ourCase, received: false } },
        { id: await buildShareRow(api, copied), ...{ partner, ourCase, received: true } },
      );
    }
  }
  const stranger = await buildOrganization(api);
  const staff = async ({ email }: { email: string }) => {
    const found = await findStaff(api.database.em.fork(), email);
    if (found === null) throw new Error('the user was not stored');
    return found;
  };
  return {
    own: ours.id,
    organizations: [...partners, stranger.id, newId()],
    ...{ cases, evidence, shares },
    administrator: await staff(owner),
    investigator: await staff(investigator),
  };
}

/** A fact as the reference keeps it. */
export interface Fact {
  readonly share: WorldShare;
  readonly evidence: number;
  readonly at: Date;
}

const key = (fact: Fact) => `${fact.share.id} ${fact.evidence}`;

/** Records facts one after the other; what the reference has of them is what came first. */
export async function recordFacts(
  api: TestApi,
  world: SharedWorld,
  facts: readonly Fact[],
): Promise<Fact[]> {
  const em = api.database.em.fork();
  await em.execute('delete from shared_evidence; delete from shared_cases');
  const first = new Map<string, Fact>();
  for (const fact of facts) {
    const { share, evidence, at } = fact;
    const id = numbered(world.evidence, evidence);
    const target = { targetCaseId: numbered(world.cases, share.ourCase).id };
    await recordShared(em, {
      shareId: share.id,
      at,
      evidence: [share.received ? { id: theirId(share, evidence), copy: id } : { id }],
      ...(share.received ? target : {}),
    });
    if (!first.has(key(fact))) first.set(key(fact), fact);
  }
  return [...first.values()];
}

/** Opens and closes cases, in the order of the world. */
export async function setStatuses(
  api: TestApi,
  world: SharedWorld,
  open: readonly boolean[],
): Promise<void> {
  const em = api.database.em.fork();
  for (const [number, { id }] of world.cases.entries()) {
    await em.execute('update cases set status = ? where id = ?', [statusOf(open, number), id]);
  }
}

/** What `setStatuses` makes of a case. */
export function statusOf(open: readonly boolean[], number: number): 'open' | 'closed' {
  return open[number] === true ? 'open' : 'closed';
}

/** Destroys evidence, in the order of the world, and brings back what is not destroyed. */
export async function setDestroyed(
  api: TestApi,
  world: SharedWorld,
  destroyed: readonly boolean[],
): Promise<void> {
  const em = api.database.em.fork();
  for (const [number, id] of world.evidence.entries()) {
    const state = destroyed[number] === true ? 'destroyed' : 'active';
    await em.execute('update evidence set state = ? where id = ?', [state, id]);
  }
}

/** Evidence of a partner, the same for the same share and piece. */
const theirIds = new Map<string, EvidenceId>();
function theirId(share: WorldShare, evidence: number): EvidenceId {
  const name = `${share.id} ${evidence}`;
  const id = theirIds.get(name) ?? newId<EvidenceId>();
  theirIds.set(name, id);
  return id;
}

/** The thing with this number, counted from 0. */
function numbered<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no number ${index}`);
  return found;
}

/** The filters of a search, as a client writes them. */
export interface Asked {
  readonly sharedTo?: string | undefined;
  readonly sharedFrom?: string | undefined;
  readonly sharedOn?: SharedOn | undefined;
  readonly sharedOnFrom?: string | undefined;
  readonly sharedOnTo?: string | undefined;
  readonly notSharedTo?: string | undefined;
}

const to = (world: SharedWorld, { share }: Fact) =>
  share.received ? world.own : world.organizations[share.partner];
const from = (world: SharedWorld, { share }: Fact) =>
  share.received ? world.organizations[share.partner] : world.own;

/** The rule, written down a second time: some fact meets all filters, and none is to the other. */
export function meets(
  world: SharedWorld,
  facts: readonly Fact[],
  asked: Asked,
  now: Date,
): boolean {
  const { sharedTo, sharedFrom, sharedOn, sharedOnFrom, sharedOnTo, notSharedTo } = asked;
  if (facts.some((fact) => to(world, fact) === notSharedTo)) return false;
  const positive = [sharedTo, sharedFrom, sharedOn, sharedOnFrom, sharedOnTo];
  if (positive.every((filter) => filter === undefined)) return true;
  return facts.some((fact) => {
    const day = localDay(ZONE, fact.at);
    return (
      (sharedTo === undefined || to(world, fact) === sharedTo) &&
      (sharedFrom === undefined || from(world, fact) === sharedFrom) &&
      (sharedOn === undefined || liesIn(sharedOn, ZONE, fact.at, now)) &&
      (sharedOnFrom === undefined || day >= sharedOnFrom) &&
      (sharedOnTo === undefined || day <= sharedOnTo)
    );
  });
}
