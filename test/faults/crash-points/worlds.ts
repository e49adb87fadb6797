/** A few worlds that are used again and again: a life each at a time. */
import { buildWorld, type World } from './world.ts';

export interface Worlds {
  /** Waits for a world that is free; one in which something went wrong is not used again. */
  use<T>(work: (world: World) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** @param most worlds at once: they wait most of the time, but each has two processes */
export function createWorlds(most: number): Worlds {
  const free: World[] = [];
  const waiting: (() => void)[] = [];
  let building = 0;

  async function take(): Promise<World> {
    while (free.length === 0 && building === most) {
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
    const found = free.pop();
    if (found !== undefined) return found;
    building += 1;
    return buildWorld().catch((error: unknown) => {
      building -= 1;
      throw error;
    });
  }

  return {
    async use(work) {
      const world = await take();
      try {
        const result = await work(world);
        free.push(world);
        return result;
      } catch (error) {
        building -= 1;
        await world.stop();
        throw error;
      } finally {
        waiting.shift()?.();
      }
    },
    async stop() {
      for (const world of free.splice(0)) await world.stop();
    },
  };
}
