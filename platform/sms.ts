/** Text messages, through the webhook that an organization configures. */
import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import type { MailOutcome } from './mail.ts';

/** A text message as the webhook gets it. */
export interface TextMessage {
  /** The same however often it is sent: also the request's `Idempotency-Key`. */
  readonly id: string;
  /** In E.164: `+` and digits. */
  readonly to: string;
  readonly text: string;
}

/** Milliseconds that a message may be in the webhook's hands: after that its outcome is unknown. */
const TIMEOUT = 15_000;

/** Codes of errors that come before a request was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** This machine, and what only it can reach, such as the metadata of a cloud: no gateway is there. */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv6');
}

/**
 * Whether an organization's webhook would reach us instead of a gateway. An organization can set `https`
 * alone, so that what answers has a certificate for the name too, whatever the name is resolved to later;
 * gateways of an installation's own network are allowed.
 */
async function isOwn({ protocol, hostname }: URL): Promise<boolean> {
  if (protocol !== 'https:') return false;
  const found = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true });
  return found.some(({ address, family }) => OWN.check(address, family === 6 ? 'ipv6' : 'ipv4'));
}

/**
 * Posts a message as JSON to a webhook: 2xx says that it was taken, 4xx that it never will be (but for 408
 * and 429), anything else that it may be tried again. Redirects are not followed, and nothing is sent to
 * this machine itself.
 */
export async function sendTextMessage(
  webhook: string,
  message: TextMessage,
  timeout = TIMEOUT,
): Promise<MailOutcome> {
  try {
    if (await isOwn(new URL(webhook))) {
      return { type: 'refused', permanent: false, reason: 'SMS own address' };
    }
    const response = await fetch(webhook, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': message.id },
      body: JSON.stringify({ id: message.id, to: message.to, text: message.text }),
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    // Its own words may hold the address; the webhook's may hold a secret.
    const code = codeOf(error);
    const reason = `SMS ${code}`;
    return NOT_SENT.has(code)
      ? { type: 'refused', permanent: false, reason }
      : { type: 'unknown', reason };
  }
}

function outcomeOf(status: number): MailOutcome {
  if (status >= 200 && status < 300) return { type: 'sent' };
  const permanent = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return { type: 'refused', permanent, reason: `SMS ${status}` };
}

function codeOf(error: unknown): string {
  const { code, cause, name } = Object(error) as {
    readonly code?: unknown;
    readonly cause?: unknown;
    readonly name?: unknown;
  };
  const { code: beneath } = Object(cause) as { readonly code?: unknown };
  return [beneath, code, name].find((one) => typeof one === 'string') ?? 'error';
}
