/**
 * Loaded before API or worker by `node --import`: from here on the process notes each of its outside
 * effects and may end at one. The code of Casebridge itself is as it is in production.
 */
import { flushCompileCache } from 'node:module';
import { watchMail } from './watch-mail.ts';
import { watchPostgres } from './watch-postgres.ts';
import { watchRequests } from './watch-requests.ts';
import { watchStore } from './watch-store.ts';
import { watchTemporal } from './watch-temporal.ts';

watchRequests();
watchPostgres();
watchStore();
watchMail();
watchTemporal();

// A process that is killed does not keep what it has compiled; most have read everything by then.
setTimeout(flushCompileCache, 5_000).unref();
