import type { Child } from '../servers/leash.ts';
import { failed } from '../servers/ready.ts';
import type { Lock } from './lock.ts';

/** The order of stopping: what takes requests and works on them first, then what it works with. */
const STAGES = ['application', 'server'] as const;

type Stage = (typeof STAGES)[number];

/** Keeps the children of a stack together. */
export interface Supervisor {
  /** Takes on a child that has just been spawned. */
  adopt(stage: Stage): (child: Child) => void;
  /** From now on the child may not end by itself. */
  expectAlive(child: Child): void;
  /** Rejects when a child ended that was expected alive. */
  readonly casualty: Promise<never>;
  /** Stops all children in order; each is killed after its grace. */
  stop(): Promise<void>;
  /** Kills all children. */
  kill(): void;
}

/** Makes the supervisor of one stack. */
export function createSupervisor(lock: Lock): Supervisor {
  const children: { readonly stage: Stage; readonly child: Child }[] = [];
  const casualty = Promise.withResolvers<never>();
  casualty.promise.catch(() => {});
  let stopping = false;

  return {
    adopt: (stage) => (child) => {
      children.push({ stage, child });
      lock.add(child.group);
      if (stopping) void child.stop();
    },
    expectAlive(child) {
      void child.exited.then((how) => {
        if (!stopping) casualty.reject(failed(child, how));
      });
    },
    casualty: casualty.promise,
    async stop() {
      stopping = true;
      for (const stage of STAGES) {
        await Promise.all(
          children.filter((entry) => entry.stage === stage).map(({ child }) => child.stop()),
        );
      }
    },
    kill() {
      for (const { child } of children) child.kill();
    },
  };
}
