import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { LifeKind, Next, Progress } from './life.ts';

/**
 * One kind of life: where its facts are, the rule that says what is due, and the short steps.
 * Every instant that a rule compares is of the workflow's clock, and was stored from it.
 */
export interface LifeDefinition<Facts, Step extends string> {
  readonly kind: LifeKind;
  /**
   * Locks the entity's row and reads the facts; null where there is no such entity.
   * @param now the workflow's clock
   */
  load(em: EntityManager, entityId: string, now: Date): Promise<Facts | null>;
  /**
   * The rule: pure. After a step was performed it never gives the same step at the same instant, unless for
   * another subject.
   */
  nextStep(facts: Facts, now: Date): Next<Step>;
  /**
   * Which of several the facts speak of, where the rule takes one after the other; not given where there
   * is one only.
   */
  subjectOf?(facts: Facts): string | null;
  /** Does a short step: rows, notification rows, audit; `now` is what it stores. */
  perform(act: Act, facts: Facts, step: Step, now: Date): Promise<void>;
  /** The state that operators see. */
  stateOf(facts: Facts, now: Date): string;
  /** What of the facts needs somebody's attention; null, or not given, for nothing. */
  attentionOf?(facts: Facts): string | null;
  /** How far the long work is; null, or not given, where there is nothing to measure. */
  progressOf?(facts: Facts): Progress | null;
}

/** What came of letting a life do all that is due. */
export interface Lived {
  readonly steps: readonly string[];
  readonly next: Exclude<Next<never>, { readonly type: 'due' }>;
  readonly state: string;
  readonly attention?: string | null;
  readonly progress?: Progress | null;
}

/** A life whose facts and steps are its own affair. */
export interface Life {
  readonly kind: LifeKind;
  /** Does the short steps that are due, in the act's transaction; null where the entity is gone. */
  live(act: Act, entityId: string, now: Date): Promise<Lived | null>;
}

/** A step that changed nothing: doing it again and again would never end. */
export class StepWithoutEffectError extends Error {
  constructor(kind: LifeKind, step: string) {
    super(`${kind}: the step ${step} was done and is due again at the same instant`);
    this.name = 'StepWithoutEffectError';
  }
}

/** Makes a life of its definition. */
export function defineLife<Facts, Step extends string>(
  definition: LifeDefinition<Facts, Step>,
): Life {
  return {
    kind: definition.kind,
    async live(act, entityId, now) {
      const subjects = new Map<Step, string | null>();
      for (;;) {
        const facts = await definition.load(act.em, entityId, now);
        if (facts === null) return null;
        const next = definition.nextStep(facts, now);
        const lived = (until: Lived['next']): Lived => ({
          steps: [...subjects.keys()],
          next: until,
          state: definition.stateOf(facts, now),
          attention: definition.attentionOf?.(facts) ?? null,
          progress: definition.progressOf?.(facts) ?? null,
        });
        if (next.type !== 'due') return lived(next);
        const subject = definition.subjectOf?.(facts) ?? null;
        if (subjects.has(next.step)) {
          if (subjects.get(next.step) === subject) {
            throw new StepWithoutEffectError(definition.kind, next.step);
          }
          // In another turn, at once: no transaction gets longer the more of them wait.
          return lived({ type: 'wait', for: 'the next turn', until: now, work: [] });
        }
        await definition.perform(act, facts, next.step, now);
        await act.em.flush();
        subjects.set(next.step, subject);
      }
    },
  };
}
