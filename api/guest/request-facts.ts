import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { Case } from '../../domain/cases/case.entity.ts';
import { daysAfter } from '../../domain/clock.ts';
import { chosenFields } from '../../domain/requests/request-letter.ts';
import { MOST_FILES, requestParty } from '../../domain/requests/request-party.ts';
import type { RequestGrant } from '../../domain/requests/request-session.ts';
import { FINISHING_DAYS } from '../../domain/requests/request-state.ts';
import { UploadRequest } from '../../domain/requests/upload-request.entity.ts';
import type { Condition } from '../../domain/sql.ts';
import { readSent } from './guest-uploads.ts';
import type { requestFacts } from './schema.ts';

/** SQL over a row called `u` of `uploads`: those of a request. */
export function uploadsOfRequest({ requestId }: RequestGrant): Condition {
  return { sql: 'u.upload_request_id = ?', values: [requestId] };
}

/** What a request tells the one whom it asks. */
export async function readRequestFacts(
  em: EntityManager,
  grant: RequestGrant,
): Promise<z.input<typeof requestFacts>> {
  const { requestId, organization } = grant;
  const party = requestParty(grant);
  const request = await em.findOneOrFail(UploadRequest, { id: requestId });
  const about = await em.findOneOrFail(Case, grant.caseId);
  return {
    id: requestId,
    state: grant.state,
    organization: { name: organization.name, timeZone: organization.timeZone },
    sender: { name: grant.sender.name },
    fields: [...chosenFields(about, request.fields)],
    note: request.note ?? null,
    expiresAt: grant.expiresAt.toISOString(),
    finishBy: daysAfter(grant.expiresAt, FINISHING_DAYS).toISOString(),
    limits: { fileSize: party.largestFile, files: MOST_FILES },
    supportedExtensions: [...((await party.extensions(em)) ?? [])],
    ...(await readSent(em, uploadsOfRequest(grant))),
  };
}
