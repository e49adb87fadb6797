/** Effects in the object store: every request of its client that changes something there. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { beginEffect } from './effects.ts';
import { origin } from './origin.ts';

type Request = (
  options: RequestOptions,
  onResponse?: (response: IncomingMessage) => void,
) => ClientRequest;

/** Makes each such request an effect: acknowledged when its answer was read to the end. */
export function watchStore(): void {
  const request = http.request as Request;
  const watched: Request = (options, onResponse) => {
    const what = changeOf(options);
    if (what === null) return request(options, onResponse);
    const effect = beginEffect(`${origin()}: store, ${what}`);
    const sent = request(options, onResponse);
    sent.prependOnceListener('response', (response: IncomingMessage) => {
      response.prependOnceListener('end', () => effect.done());
    });
    return sent;
  };
  http.request = watched as typeof http.request;
  syncBuiltinESMExports();
}

/** What a request does to the store; null where it only reads. */
function changeOf({ method, path, headers }: RequestOptions): string | null {
  const query = path?.split('?')[1] ?? '';
  const isCopy = Object.hasOwn(headers ?? {}, 'x-amz-copy-source');
  switch (method) {
    case 'PUT':
      if (query.includes('partNumber=')) return isCopy ? 'copy a part' : 'put a part';
      return isCopy ? 'copy an object' : 'put an object';
    case 'POST':
      if (query.includes('uploadId=')) return 'complete an upload';
      return /\buploads\b/.test(query) ? 'begin an upload' : 'remove objects';
    case 'DELETE':
      return query.includes('uploadId=') ? 'abort an upload' : 'remove an object';
    default:
      return null;
  }
}
