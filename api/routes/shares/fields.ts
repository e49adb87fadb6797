/** What shares of several methods have in common: in requests, in answers, and in SQL. */
import { z } from 'zod';
import type { CaseId, EvidenceId, ShareId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { id, text } from '../../validation.ts';

export const shareParams = z.object({ shareId: id<ShareId>() });
export const sharedCaseParams = z.object({ caseId: id<CaseId>() });

/** Days are whole; the organization's maximum is checked with the organization. */
export const durationDays = z.int().min(1, 'At least 1 day.').max(3_650, 'At most 3650 days.');

/** What of the case is shared. */
export const scope = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('entire_case') }),
  z.strictObject({
    type: z.literal('selected'),
    evidenceIds: z
      .array(id<EvidenceId>())
      .min(1)
      .max(20_000, 'At most 20,000 files; share the entire case beyond that.')
      .describe('at most 20,000, which a request of 1 MB holds; share the entire case beyond'),
  }),
]);

/** Users and groups of the partner, in an order that counts: the first is named first. */
export const recipientList = z
  .array(
    z.union([
      z.strictObject({ type: z.enum(['user', 'group']), id: id<string>() }),
      z.strictObject({ type: z.literal('user'), email: z.email().max(320) }),
    ]),
  )
  .min(1, 'Name at least one recipient.')
  .max(1_000, 'At most 1,000 recipients; name groups beyond that.');

/** What is written to the recipients. */
export const message = text(2_000).describe(
  'shown to the recipients, in the mail and beside the case',
);

/** The fields that a share of every method is read with. */
export const commonView = {
  id: z.uuid(),
  caseId: z.uuid(),
  scope: z.union([
    z.object({ type: z.literal('entire_case') }),
    z.object({ type: z.literal('selected'), evidenceIds: z.array(z.uuid()) }),
  ]),
  createdAt: z.iso.datetime(),
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  attention: z.string().nullable().describe('what keeps failing in the background, if anything'),
};

/** How far the work on a share is, in the unit that its files are counted in. */
export const progressView = z.object({
  done: z.int(),
  total: z.int(),
  unit: z.literal('files'),
});

/** The partner, and those that a share names there. */
export const partnerView = {
  partner: z.object({ id: z.uuid(), slug: z.string(), name: z.string() }),
  message: z.string().nullable(),
};
export const recipientView = z.object({
  type: z.enum(['user', 'group']),
  id: z.uuid(),
  name: z.string(),
});

/** SQL over a row called `shares`: fields of a JSON object that every method has. */
export const COMMON_FIELDS = /* sql */ `
  'id', shares.id, 'method', shares.method, 'caseId', shares.case_id,
  'createdAt', ${utc('shares.created_at')},
  'createdBy', (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = shares.created_by)`;

/** SQL over a row called `shares`: the field `scope`, its evidence being listed in this table. */
export function scopeField(table: 'share_items' | 'share_selection'): string {
  return /* sql */ `
  'scope', case shares.scope when 'entire_case' then json_build_object('type', 'entire_case')
    else json_build_object('type', 'selected', 'evidenceIds', coalesce(
      (select json_agg(i.evidence_id order by i.position) from ${table} i where i.share_id = shares.id), '[]')) end`;
}

/** SQL over a row called `shares`: the fields that name the partner and the message to it. */
export const PARTNER_FIELDS = /* sql */ `
  'partner', (select json_build_object('id', o.id, 'slug', o.slug, 'name', o.name)
    from organizations o where o.id = shares.partner_organization_id),
  'message', shares.message`;

/** SQL over a row called `shares`: those that it names now, in their order; a group that was deleted is gone. */
export const RECIPIENTS = /* sql */ `coalesce(
  (select json_agg(json_build_object('type', r.principal_type, 'id', r.principal_id,
      'name', coalesce(u.name, g.name)) order by r.position)
    from share_recipients r
    left join users u on r.principal_type = 'user' and u.id = r.principal_id
    left join groups g on r.principal_type = 'group' and g.id = r.principal_id
    where r.share_id = shares.id and r.removed_at is null and coalesce(u.id, g.id) is not null), '[]')`;

/** SQL over a row called `shares`: the field that says what keeps failing in the life of this kind. */
export function attentionField(kind: string): string {
  return /* sql */ `
  'attention', (select l.attention from lifecycles l where l.workflow_id = '${kind}:' || shares.id)`;
}
