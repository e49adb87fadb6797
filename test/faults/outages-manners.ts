/** Each way in which what stands behind a proxy misbehaves for a while. */
import { setTimeout as pause } from 'node:timers/promises';
import type { BreakableProxy } from '../support/breakable-proxy.ts';
import type { Outage } from './outages-verdict.ts';
import type { Proxied } from './outages-world.ts';

/** Milliseconds that an outage lasts. */
const LASTS = 8_000;

type Manner = (proxy: BreakableProxy) => Promise<void>;

/** What is sent is worth losing the answer to: a commit, an upload completed, a mail's end, a call. */
const ASKED: Readonly<Record<Proxied, RegExp>> = {
  postgres: /\bcommit\b/i,
  store: /^(POST|PUT) /,
  smtp: /\r\n\.\r\n$/,
  // HTTP/2 is packed: any request.
  temporal: /^/,
  api: /^(POST|PATCH) (?!\/dev\/)/,
};

const during =
  (begin: (proxy: BreakableProxy) => void): Manner =>
  async (proxy) => {
    begin(proxy);
    await pause(LASTS);
    proxy.heal();
  };

const MANNERS: Readonly<Record<string, Manner>> = {
  'resets every connection, again and again': async (proxy) => {
    for (let times = 0; times < LASTS / 400; times += 1) {
      proxy.reset();
      await pause(400);
    }
  },
  'resets in the middle of what is sent': during((proxy) => {
    proxy.misbehave('to-server', { type: 'reset', every: 60_000 });
    proxy.misbehave('to-client', { type: 'reset', every: 60_000 });
  }),
  'is 200 ms away': during((proxy) => {
    proxy.misbehave('to-server', { type: 'delay', milliseconds: 100 });
    proxy.misbehave('to-client', { type: 'delay', milliseconds: 100 });
  }),
  'answers in dribbles': during((proxy) => {
    proxy.misbehave('to-client', { type: 'dribble', bytes: 40, milliseconds: 10 });
  }),
  'falls silent (half-open)': during((proxy) => {
    proxy.misbehave('to-server', { type: 'silence' });
    proxy.misbehave('to-client', { type: 'silence' });
  }),
};

const NAMES: Readonly<Record<Proxied, string>> = {
  postgres: 'PostgreSQL',
  store: 'the store',
  temporal: 'Temporal',
  smtp: 'SMTP',
  api: 'the API',
};

/** The outages of one of them; the last swallows the replies to what changes something. */
export function outagesOf(proxied: Proxied): readonly Outage[] {
  const swallows = during((proxy) => proxy.swallowReplies(ASKED[proxied]));
  const manners = { ...MANNERS, 'does what it is asked and loses its replies': swallows };
  return Object.entries(manners).map(([how, happen]) => ({
    name: `${NAMES[proxied]} ${how}`,
    happen: ({ proxies }) => happen(proxies[proxied]),
  }));
}
