/** The links of requests: tokens that are derived, of which rows keep the hash only. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ActivityLogLinkId, CaseId, OrganizationId, UploadRequestId } from '../ids.ts';
import { newId } from '../ids.ts';
import {
  type LinkKeys,
  linkToken,
  rederiveToken,
  TOKEN_PATTERN,
  tokenHash,
} from '../link-token.ts';
import { LOG_LINK_DAYS, linkStateSql, type RequestLinkState } from './request-state.ts';

/** A link to a log never gets a new token: it is replaced by another link. */
const LOG_GENERATION = 1;

/** Where a request belongs: what its audit events and its life are about. */
export interface RequestPlace {
  readonly requestId: UploadRequestId;
  readonly organizationId: OrganizationId;
  readonly caseId: CaseId;
}

/** A request's link as its token finds it: nothing of its case. */
export interface FoundRequestLink extends RequestPlace {
  readonly generation: number;
  readonly state: RequestLinkState;
  readonly organization: string;
}

interface LinkRow {
  readonly request_id: UploadRequestId;
  readonly organization_id: OrganizationId;
  readonly case_id: CaseId;
  readonly organization: string;
}

/** Keeps the hash of a request's link of this generation. */
export async function insertRequestLink(
  em: EntityManager,
  keys: LinkKeys,
  link: { readonly requestId: UploadRequestId; readonly generation: number; readonly at: Date },
): Promise<void> {
  const token = linkToken(keys, link.requestId, link.generation);
  await em.execute(
    `insert into upload_request_links (request_id, generation, token_hash, made_at) values (?, ?, ?, ?)`,
    [link.requestId, link.generation, tokenHash(token), link.at],
  );
}

/** The request of a token, whatever its state; null where there is none. */
export async function findRequestLink(
  em: EntityManager,
  token: string,
): Promise<FoundRequestLink | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const [row] = await em.execute<(LinkRow & { generation: number; state: RequestLinkState })[]>(
    `select r.id as request_id, r.organization_id, r.case_id, l.generation,
            ${linkStateSql('l.generation')} as state, o.name as organization
     from upload_request_links l join upload_requests r on r.id = l.request_id
     join organizations o on o.id = r.organization_id
     where l.token_hash = ?`,
    [tokenHash(token)],
  );
  if (row === undefined) return null;
  const { generation, state, organization } = row;
  return { ...placeOf(row), generation, state, organization };
}

/** The token of a request's link; null where that is superseded, or its key configured no longer. */
export async function requestToken(
  em: EntityManager,
  keys: LinkKeys,
  requestId: UploadRequestId,
  generation: number,
): Promise<string | null> {
  const [link] = await em.execute<{ token_hash: Buffer }[]>(
    `select l.token_hash from upload_request_links l join upload_requests r on r.id = l.request_id
     where l.request_id = ? and l.generation = ? and r.link_generation = l.generation`,
    [requestId, generation],
  );
  if (link === undefined) return null;
  return rederiveToken(keys, { id: requestId, generation, tokenHash: link.token_hash });
}

/** Makes a link to a request's activity log, which lives 30 days from `at`. */
export async function insertLogLink(
  em: EntityManager,
  keys: LinkKeys,
  requestId: UploadRequestId,
  at: Date,
): Promise<void> {
  const id = newId<ActivityLogLinkId>();
  const expiresAt = new Date(at.getTime() + LOG_LINK_DAYS * 24 * 3_600_000);
  await em.execute(
    `insert into activity_log_links (id, request_id, token_hash, made_at, expires_at) values (?, ?, ?, ?, ?)`,
    [id, requestId, tokenHash(linkToken(keys, id, LOG_GENERATION)), at, expiresAt],
  );
}

/** A link to a request's activity log, as its token finds it. */
export interface FoundLogLink extends RequestPlace {
  readonly linkId: ActivityLogLinkId;
  readonly expired: boolean;
  readonly organization: string;
}

/** The activity log's link of a token; null where there is none. */
export async function findLogLink(em: EntityManager, token: string): Promise<FoundLogLink | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const [row] = await em.execute<(LinkRow & { id: ActivityLogLinkId; expired: boolean })[]>(
    `select l.id, r.id as request_id, r.organization_id, r.case_id, o.name as organization,
            l.expires_at <= clock_timestamp() as expired
     from activity_log_links l join upload_requests r on r.id = l.request_id
     join organizations o on o.id = r.organization_id
     where l.token_hash = ?`,
    [tokenHash(token)],
  );
  if (row === undefined) return null;
  const { id: linkId, expired, organization } = row;
  return { ...placeOf(row), linkId, expired, organization };
}

/** The token of a link to an activity log; null where it has expired, or its key is configured no longer. */
export async function logToken(
  em: EntityManager,
  keys: LinkKeys,
  linkId: ActivityLogLinkId,
): Promise<string | null> {
  const [link] = await em.execute<{ token_hash: Buffer }[]>(
    'select token_hash from activity_log_links where id = ? and expires_at > clock_timestamp()',
    [linkId],
  );
  if (link === undefined) return null;
  return rederiveToken(keys, {
    id: linkId,
    generation: LOG_GENERATION,
    tokenHash: link.token_hash,
  });
}

function placeOf(row: LinkRow): RequestPlace {
  return { requestId: row.request_id, organizationId: row.organization_id, caseId: row.case_id };
}
