/** Requests that the API serves, so that effects are named by them. */
import { type IncomingMessage, Server } from 'node:http';
import { inRequest } from './origin.ts';

type Emit = (this: Server, event: string | symbol, ...values: unknown[]) => boolean;

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g;
const TOKEN = /\/[\w-]{40,}/g;

/** Lets every effect know the request that causes it. */
export function watchRequests(): void {
  const emit = Server.prototype.emit as Emit;
  const watched: Emit = function (event, ...values) {
    if (event !== 'request') return emit.call(this, event, ...values);
    const { method, url = '' } = values[0] as IncomingMessage;
    const path = url.split('?')[0]?.replaceAll(UUID, ':id').replaceAll(TOKEN, '/:token');
    return inRequest(`${method} ${path}`, () => emit.call(this, event, ...values));
  };
  Server.prototype.emit = watched as typeof Server.prototype.emit;
}
