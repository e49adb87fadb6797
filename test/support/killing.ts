/** A process that dies at a step: from then on neither its database nor its store does anything for it. */
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { Retaining } from './retention.ts';

/** What everything that the process asks for is answered with once it is dead. */
export class KilledError extends Error {
  constructor(step: string) {
    super(`killed ${step}`);
    this.name = 'KilledError';
  }
}

/** Dependencies of a process, and how far it came. */
export interface Dying {
  readonly on: Retaining;
  /** Steps that it took, as names; the last one is where it died, if it did. */
  readonly steps: readonly string[];
  readonly died: boolean;
}

/** Store operations that are a step each; a process may die before and after them. */
const OPERATIONS = ['unfinishedUploads', 'abortUpload', 'remove', 'stat'] as const;

/**
 * Dependencies that die at the step with this number: before a statement, after a commit that nobody heard
 * of, before or after an operation of the store.
 */
export function dyingAt(on: Retaining, fatal: number): Dying {
  const steps: string[] = [];
  let died = false;
  const step = (name: string) => {
    if (!died) {
      steps.push(name);
      died = steps.length === fatal;
    }
    if (died) throw new KilledError(steps.at(-1) ?? name);
  };
  return {
    on: { ...on, database: dyingDatabase(on.database, step), store: dyingStore(on.store, step) },
    steps,
    get died() {
      return died;
    },
  };
}

type Step = (name: string) => void;
type AnyFunction = (...values: unknown[]) => unknown;

function dyingDatabase(database: Retaining['database'], step: Step): Retaining['database'] {
  const dyingManager = <Manager extends object>(em: Manager): Manager =>
    new Proxy(em, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const method = value as AnyFunction;
        switch (name) {
          case 'fork':
            return (...values: unknown[]) => dyingManager(method.apply(target, values) as object);
          case 'execute':
            return async (...values: unknown[]) => {
              step(`before ${String(values[0]).trim().split(/\s+/).slice(0, 3).join(' ')}`);
              return method.apply(target, values);
            };
          case 'transactional':
            return async (work: (em: object) => unknown, options: unknown) => {
              const result = await method.call(
                target,
                async (inner: object) => {
                  const done = await work(dyingManager(inner));
                  step('before a commit');
                  return done;
                },
                options,
              );
              step('after a commit');
              return result;
            };
          default:
            return method.bind(target);
        }
      },
    });
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return name === 'em' ? dyingManager(value as object) : value;
    },
  });
}

function dyingStore(store: ObjectStore, step: Step): ObjectStore {
  const dying = Object.fromEntries(
    OPERATIONS.map((name) => [
      name,
      async (...values: unknown[]) => {
        step(`before ${name}`);
        const result = await (store[name] as AnyFunction)(...values);
        step(`after ${name}`);
        return result;
      },
    ]),
  );
  return { ...store, ...dying };
}
