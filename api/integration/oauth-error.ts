/** What the token endpoint refuses with (RFC 6749, section 5.2). */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  /** Of section 4.1.2.1, for want of one in 5.2: too many requests, or the database is away. */
  temporarily_unavailable: 503,
  server_error: 500,
} as const satisfies Record<string, number>;
export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

/** A refusal of the token endpoint. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly description: string;
  readonly status: number;
  readonly retryAfter: number | null;

  /** @param options.retryAfter seconds; makes it a 429 */
  constructor(
    code: OAuthErrorCode,
    description: string,
    options: { readonly retryAfter?: number; readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${description}`, { cause: options.cause });
    this.name = 'OAuthError';
    this.code = code;
    this.description = description;
    this.retryAfter = options.retryAfter ?? null;
    this.status = options.retryAfter === undefined ? OAUTH_ERRORS[code] : 429;
  }
}
