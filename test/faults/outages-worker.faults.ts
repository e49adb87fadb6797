/** Workers that are held, killed and come back while another one goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import { testOutages } from './outages-suite.ts';
import type { Outage } from './outages-verdict.ts';
import type { OutageWorld } from './outages-world.ts';

/** One and a half times the heartbeat timeout of long work, in milliseconds. */
const HELD = 30_000;

function first({ workers }: OutageWorld): OutageWorld['workers'][number] {
  const [worker] = workers;
  if (worker === undefined) throw new Error('no worker runs');
  return worker;
}

const WORKER_OUTAGES: readonly Outage[] = [
  {
    name: 'a worker is held for 1.5 heartbeat timeouts, resumed beside its successor',
    async happen(world) {
      const { pid } = first(world);
      process.kill(pid, 'SIGSTOP');
      await pause(HELD);
      process.kill(pid, 'SIGCONT');
      await pause(5_000);
    },
  },
  {
    name: 'a worker is killed with SIGKILL while another one works',
    async happen(world) {
      await first(world).kill();
      world.workers.shift();
      await pause(5_000);
      world.workers.push(await world.startWorker());
    },
  },
];

testOutages(WORKER_OUTAGES, { workers: 2 });
