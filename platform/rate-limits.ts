import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from './database.ts';

/** A bound on how often something may be tried, shared by all processes through PostgreSQL. */
export interface RateLimit {
  /**
   * Takes one try for a key.
   * @returns null where it may go ahead, else the seconds until the next try
   */
  take(key: string): Promise<number | null>;
  /** Gives a try back that need not have counted. */
  giveBack(key: string): Promise<void>;
}

/** At most `tries` in any span of `seconds` that begins with a try. Keys, such as addresses, are not kept in clear. */
export function createRateLimit(
  database: Database,
  options: { readonly name: string; readonly tries: number; readonly seconds: number },
): RateLimit {
  let limiter: RateLimiterPostgres | undefined;
  async function connected(): Promise<RateLimiterPostgres> {
    limiter ??= new RateLimiterPostgres({
      storeClient: await database.em.getConnection().getNativeClient(),
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: options.name,
      points: options.tries,
      duration: options.seconds,
    });
    return limiter;
  }
  return {
    async take(key) {
      const connectedLimiter = await connected();
      try {
        await connectedLimiter.consume(hashed(key));
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      }
    },
    async giveBack(key) {
      await (await connected()).reward(hashed(key));
    },
  };
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
