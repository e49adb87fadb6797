/** Text messages, through the webhook that an organization configures. */
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

/**
 * Posts a message as JSON to a webhook: 2xx says that it was taken, 4xx that it never will be (but for 408
 * and 429), anything else that it may be tried again. Redirects are not followed.
 */
export async function sendTextMessage(
  webhook: string,
  message: TextMessage,
  timeout = TIMEOUT,
): Promise<MailOutcome> {
  try {
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
  if (!(error instanceof Error)) return 'error';
  const cause: unknown = error.cause;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.name;
}
