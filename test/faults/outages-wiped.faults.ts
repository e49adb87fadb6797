/** Temporal is killed under load and started empty. */
import { testOutages } from './outages-suite.ts';

testOutages([
  {
    name: 'Temporal is killed and comes back empty after five seconds',
    happen: ({ temporal }) => temporal.wipe(5),
  },
]);
