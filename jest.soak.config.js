import config from './jest.config.js';

/**
 * Long runs, and what is done by hand now and then: `npm run test:soak`, `npm run histories`. They
 * start processes of their own, whose pipes would keep Jest waiting.
 */
export default {
  ...config,
  testMatch: ['**/*.soak.ts'],
  testTimeout: 900_000,
  maxWorkers: 1,
  forceExit: true,
};
