/** AWS Signature Version 4 in the `Authorization` header, for requests without a body. */
import { createHmac, hash } from 'node:crypto';

const PAYLOAD = 'UNSIGNED-PAYLOAD';
const SIGNED_HEADERS = 'host;x-amz-content-sha256;x-amz-date';

export interface SigningKey {
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Header lines that authorise one request, each ending in CR LF, `Host` included. */
export type Signer = (method: 'GET' | 'HEAD', path: string, query: string, at: Date) => string;

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** One segment of a path or one value of a query, escaped as the signature's specification asks. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A signer for one host. The signing key holds for a day and is kept; `Range` and `If-Match` are not
 * signed, as the specification leaves to the client.
 * @param host as in the `Host` header, with a port that is not the default
 */
export function createSigner(host: string, key: SigningKey): Signer {
  let keyDay = '';
  let dayKey: Buffer = Buffer.alloc(0);
  function keyOf(day: string): Buffer {
    if (day !== keyDay) {
      const dated = hmac(`AWS4${key.secretKey}`, day);
      dayKey = hmac(hmac(hmac(dated, key.region), 's3'), 'aws4_request');
      keyDay = day;
    }
    return dayKey;
  }

  return (method, path, query, at) => {
    const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${key.region}/s3/aws4_request`;
    const headers = `host:${host}\nx-amz-content-sha256:${PAYLOAD}\nx-amz-date:${time}\n`;
    const request = `${method}\n${path}\n${query}\n${headers}\n${SIGNED_HEADERS}\n${PAYLOAD}`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`;
    const signature = createHmac('sha256', keyOf(day)).update(toSign).digest('hex');
    return (
      `Host: ${host}\r\nx-amz-content-sha256: ${PAYLOAD}\r\nx-amz-date: ${time}\r\n` +
      `Authorization: AWS4-HMAC-SHA256 Credential=${key.accessKey}/${scope}, ` +
      `SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}\r\n`
    );
  };
}
