import soak from './jest.soak.config.js';

/** Everything that is killed, cut off and wiped, whole: `npm run test:faults`. `npm test` runs a part. */
export default {
  ...soak,
  testMatch: ['**/*.faults.ts'],
};
