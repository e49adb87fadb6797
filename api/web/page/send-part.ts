import type { SendPart } from '../engine/ports.ts';
import {
  AddressRefusedError,
  FileUnreadableError,
  PassingError,
  UploadGoneError,
} from '../errors.ts';

/** Milliseconds without any byte after which a connection is given up. */
const SILENCE = 60_000;

/** Milliseconds that the store may think once it has every byte. */
const THINKING = 180_000;

/**
 * Sends a part with XMLHttpRequest, since `fetch` tells nothing of how far it is. The browser reads the
 * bytes from the disk while it sends them: none of them are held here.
 */
export const sendPart: SendPart = async (bytes, { url, headers }, { onSent, signal }) => {
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener('abort', stop);
  try {
    await ended(request, { bytes, url, headers }, onSent);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (request.status === 0) throw await reasonOf(bytes);
  return etagOf(request);
};

/** Resolves when the request has ended in whichever way. */
function ended(
  request: XMLHttpRequest,
  part: {
    readonly bytes: Blob;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  onSent: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let silence = setTimeout(giveUp, SILENCE);
    function giveUp(): void {
      request.abort();
    }
    function heard(patience: number): void {
      clearTimeout(silence);
      silence = setTimeout(giveUp, patience);
    }
    request.upload.addEventListener('progress', ({ loaded }) => {
      heard(loaded < part.bytes.size ? SILENCE : THINKING);
      onSent(loaded);
    });
    request.upload.addEventListener('load', () => heard(THINKING));
    request.addEventListener('loadend', () => {
      clearTimeout(silence);
      resolve();
    });
    request.open('PUT', part.url);
    for (const [name, value] of Object.entries(part.headers)) request.setRequestHeader(name, value);
    // A type of the blob's own would be sent as a header that nobody asked for.
    request.send(part.bytes.slice(0, part.bytes.size, ''));
  });
}

/** Browsers do not say why a request broke: whether the bytes can be read still tells the two apart. */
async function reasonOf(bytes: Blob): Promise<Error> {
  try {
    await bytes.slice(0, 1).arrayBuffer();
    return new PassingError('the connection to the object store broke');
  } catch (error) {
    return new FileUnreadableError({ cause: error });
  }
}

function etagOf(request: XMLHttpRequest): string {
  const { status } = request;
  if (status === 200) {
    const etag = request.getResponseHeader('ETag') ?? '';
    if (etag === '') throw new PassingError('the store lets the page see no entity tag');
    return etag.replaceAll('"', '');
  }
  if (status === 403) throw new AddressRefusedError();
  if (status === 404) throw new UploadGoneError();
  throw new PassingError(`the object store answered ${status}`);
}
