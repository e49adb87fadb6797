/** What stands before PostgreSQL misbehaves under load, and PostgreSQL itself is restarted. */
import { outagesOf } from './outages-manners.ts';
import { testOutages } from './outages-suite.ts';
import type { Outage } from './outages-verdict.ts';

const RESTARTS: readonly Outage[] = [
  {
    name: 'PostgreSQL is shut down (fast) and comes back after five seconds',
    happen: ({ postgres }) => postgres.restart('fast', 5),
  },
  {
    name: 'the postmaster is killed with SIGKILL and PostgreSQL comes back after five seconds',
    happen: ({ postgres }) => postgres.restart('kill', 5),
  },
];

testOutages([...outagesOf('postgres'), ...RESTARTS], { ownPostgres: true });
