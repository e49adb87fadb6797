/** Every address that needs no staff token, as the router has it, for the tests of its borders. */

/** Where the calls of whoever holds the session of an upload request begin. */
export const GUEST = '/guest/v1/requests/:requestId';

/** Where the calls of whoever holds the session of an invite begin. */
export const MEMBER = '/guest/v1/invites/:inviteId';

/** The page of a piece of evidence for a recipient. */
export const EVIDENCE = '/access/:shareId/evidence/:evidenceId';

/** What opens an address: nothing at all, a token in it, or a cookie of one of these kinds. */
export const OPENED_BY = {
  /** Says the same to everybody, and nothing of anybody's. */
  nothing: [
    'GET /assets/:name',
    'GET /assets/:set/*path',
    'GET /sign-in',
    'POST /sign-in',
    'GET /sign-in/continue',
    'POST /sign-in/again',
    'POST /sign-in/code',
    'GET /sign-in/callback',
    'POST /sign-out',
    'GET /health/live',
    'GET /health/ready',
    'GET /openapi.json',
    'GET /docs',
    'GET /docs/assets/:name',
    'GET /problems/:code',
    'POST /dev/token',
  ],
  token: [
    'GET /s/:token',
    'POST /s/:token',
    'GET /a/:token',
    'POST /a/:token',
    'GET /u/:token',
    'POST /u/:token',
    'POST /u/:token/refresh',
    'POST /u/:token/activity-log',
    'GET /l/:token',
    'POST /l/:token',
    'GET /i/:token',
    'POST /i/:token',
    // A public portal's slug is known to everybody, and stands for one.
    'GET /p/:organization/:slug',
    'POST /p/:organization/:slug',
  ],
  'sign-in': [
    'GET /access',
    'GET /access/:shareId',
    `GET ${EVIDENCE}`,
    `GET ${EVIDENCE}/preview`,
    `GET ${EVIDENCE}/content`,
    `GET ${EVIDENCE}/watermark.vtt`,
    `POST ${EVIDENCE}/accept`,
  ],
  link: [
    'GET /shared/:shareId',
    'GET /shared/:shareId/manifest.json',
    'GET /shared/:shareId/package',
    'GET /shared/:shareId/package/:fileName',
  ],
  request: [
    'GET /requests/:requestId',
    `GET ${GUEST}`,
    `GET ${GUEST}/uploads`,
    `POST ${GUEST}/uploads`,
    `GET ${GUEST}/uploads/:uploadId`,
    `POST ${GUEST}/uploads/:uploadId/part-urls`,
    `POST ${GUEST}/uploads/:uploadId/complete`,
    `DELETE ${GUEST}/uploads/:uploadId`,
  ],
  invite: [
    'GET /invites/:inviteId',
    `GET ${MEMBER}`,
    `GET ${MEMBER}/uploads`,
    `POST ${MEMBER}/uploads`,
    `GET ${MEMBER}/uploads/:uploadId`,
    `POST ${MEMBER}/uploads/:uploadId/part-urls`,
    `POST ${MEMBER}/uploads/:uploadId/complete`,
    `DELETE ${MEMBER}/uploads/:uploadId`,
    `POST ${MEMBER}/submission`,
    `GET ${MEMBER}/submission`,
  ],
  /** A request's, or that of a link to its activity log. */
  log: ['', '.csv', '.pdf'].flatMap((format) => [
    `GET /requests/:requestId/activity-log${format}`,
    `GET ${GUEST}/activity-log${format}`,
  ]),
} as const;
