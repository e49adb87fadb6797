import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { fitsIso } from '../../archive/iso/limits.ts';
import type { ArchiveFormat } from '../../archive/manifest.ts';
import { safeNames } from '../../archive/names.ts';
import { lockCase } from '../../cases/commands.ts';
import { databaseNow } from '../../clock.ts';
import { DomainError, type Fault, invalid } from '../../errors.ts';
import type { EvidenceState } from '../../evidence/evidence.entity.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { Staff } from '../../identity/staff.ts';
import { type CaseId, type EvidenceId, newId, type ShareId } from '../../ids.ts';
import { type LinkKeys, linkToken, tokenHash } from '../../link-token.ts';
import { activate } from './activate.ts';
import { DownloadLink } from './download-link.entity.ts';
import { evidenceFacts, frozenCase } from './frozen-facts.ts';
import { requireCaseLinks, requireEvidenceLinks } from './link-permissions.ts';

/** What the creator of a link chooses. */
export interface DownloadLinkChoice {
  readonly format: ArchiveFormat;
  readonly scope:
    | { readonly type: 'entire_case' }
    | { readonly type: 'selected'; readonly evidenceIds: readonly EvidenceId[] };
  /** The organization's default where not given. */
  readonly durationDays?: number | undefined;
  /** A scrypt hash, see `passphrase.ts`. */
  readonly passphraseHash: string | null;
  readonly downloadLimit: number | null;
  readonly notifyOnFirstDownload: boolean;
  readonly resharedFrom?: ShareId;
}

/**
 * Makes a download link (product rules, section 3): its manifest is frozen now, of the case's active
 * evidence and of what is still being verified, which delays it. Where nothing is to be waited for
 * it is active at once.
 *
 * @returns the share and its token, which is not kept
 * @throws DomainError for a missing feature or permission, a selection that cannot be shared, a
 *   duration beyond the organization's maximum, more than an ISO image holds
 */
export async function createDownloadLink(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  caseId: CaseId,
  choice: DownloadLinkChoice,
): Promise<{ share: DownloadLink; token: string }> {
  const shared = await lockCase(act.em, staff, caseId);
  await requireCaseLinks(act.em, staff, caseId);
  const organization = await act.em.findOneOrFail(Organization, staff.organization.id);
  const candidates = await readCandidates(act.em, shared.id);
  const { chosen, faults } = choose(candidates, choice);
  const durationDays = choice.durationDays ?? organization.defaultLinkDays;
  if (durationDays > organization.maximumLinkDays) {
    faults.push({
      pointer: '/durationDays',
      detail: `At most ${organization.maximumLinkDays} days in this organization.`,
    });
  }
  if (faults.length > 0) throw invalid(...faults);
  await requireEvidenceLinks(
    act.em,
    staff,
    chosen.map(({ id }) => id),
  );
  const items = nameItems(chosen);
  if (choice.format === 'iso' && !fitsIso(items)) {
    throw new DomainError(
      'iso-too-large',
      'An ISO image holds at most 8 TiB, in at most 65,535 folders. Choose zip, which has no such limit.',
    );
  }

  const now = await databaseNow(act.em);
  const id = newId<ShareId>();
  const token = linkToken(keys, id, 1);
  const share = act.em.create(DownloadLink, {
    id,
    organizationId: staff.organization.id,
    caseId: shared.id,
    method: 'download_link',
    scope: choice.scope.type,
    format: choice.format,
    createdBy: staff.id,
    createdAt: now,
    updatedAt: now,
    durationDays,
    linkGeneration: 1,
    linkTokenHash: tokenHash(token),
    passphraseHash: choice.passphraseHash,
    downloadLimit: choice.downloadLimit,
    notifyOnFirstDownload: choice.notifyOnFirstDownload,
    archive: await frozenCase(act.em, staff, shared, choice.scope.type),
    resharedFrom: choice.resharedFrom ?? null,
  });
  await act.em.flush();
  await freeze(act.em, share.id, items);
  act.audit({
    organizationId: share.organizationId,
    action: 'share.created',
    objects: [share.id, shared.id, ...(choice.resharedFrom ? [choice.resharedFrom] : [])],
    data: {
      method: share.method,
      scope: share.scope,
      format: share.format,
      durationDays,
      files: chosen.length,
      passphrase: choice.passphraseHash !== null,
      downloadLimit: choice.downloadLimit,
    },
  });
  if (chosen.every((candidate) => candidate.state === 'active')) await activate(act, share, now);
  act.wake({
    kind: 'download-link',
    entityId: share.id,
    organizationId: share.organizationId,
    caseId: share.caseId,
  });
  return { share, token };
}

interface Candidate {
  readonly id: EvidenceId;
  readonly state: EvidenceState;
  readonly fileName: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly crc32: number | null;
  readonly objectKey: string;
  readonly objectVersion: string | null;
  readonly objectEtag: string | null;
  readonly modifiedAt: string;
}

/**
 * The case's evidence in the order in which it was added; locked in the order of its ids, as
 * everywhere, so that its state stands until the manifest is written.
 */
async function readCandidates(em: EntityManager, caseId: CaseId): Promise<Candidate[]> {
  const rows = await em.execute<(Candidate & { readonly addedAt: number })[]>(
    `select e.id, e.state, e.file_name as "fileName", e.size::float8 as size, e.sha256,
       e.crc32::float8 as crc32, e.object_key as "objectKey", e.object_version as "objectVersion",
       e.object_etag as "objectEtag",
       to_char(coalesce(e.recorded_at, e.uploaded_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "modifiedAt",
       extract(epoch from ce.added_at)::float8 as "addedAt"
     from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ? order by e.id for share of e`,
    [caseId],
  );
  return rows.toSorted((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
}

/** What a scope takes of a case: of a whole case what can be shared, of a selection all or nothing. */
function choose(
  candidates: readonly Candidate[],
  { scope }: DownloadLinkChoice,
): { chosen: Candidate[]; faults: Fault[] } {
  if (scope.type === 'entire_case') {
    const chosen = candidates.filter(({ state }) => state === 'active' || state === 'verifying');
    const faults =
      chosen.length > 0
        ? []
        : [{ pointer: '/scope', detail: 'The case has no evidence that can be shared.' }];
    return { chosen, faults };
  }
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const faults: Fault[] = [];
  const selected = new Set<EvidenceId>();
  scope.evidenceIds.forEach((id, index) => {
    const pointer = `/scope/evidenceIds/${index}`;
    const candidate = byId.get(id);
    if (candidate === undefined) faults.push({ pointer, detail: 'Not evidence of this case.' });
    else if (candidate.state !== 'active') {
      faults.push({
        pointer,
        detail: `It is ${candidate.state}; only active evidence can be shared.`,
      });
    }
    selected.add(id);
  });
  return { chosen: candidates.filter(({ id }) => selected.has(id)), faults };
}

interface Item extends Candidate {
  readonly position: number;
  readonly path: string;
}

/** The manifest's items, with the names that they have in the archive for good. */
function nameItems(chosen: readonly Candidate[]): Item[] {
  const paths = safeNames(chosen.map(({ fileName }) => fileName));
  return chosen.map((candidate, position) => ({
    ...candidate,
    position,
    path: paths[position] ?? '',
  }));
}

async function freeze(em: EntityManager, shareId: ShareId, items: readonly Item[]): Promise<void> {
  await em.execute(
    `insert into share_items (share_id, position, evidence_id, original_name, path, modified_at, size,
       sha256, crc32, object_key, object_version, object_etag, metadata)
     select ?::uuid, item.position, item.id, item."fileName", item.path, item."modifiedAt", item.size,
       case when item.state = 'active' then item.sha256 end,
       case when item.state = 'active' then item.crc32 end,
       item."objectKey", item."objectVersion", item."objectEtag", ${evidenceFacts('e')}
     from json_to_recordset(?::json) as item (position int, id uuid, state text, "fileName" text, path text,
       "modifiedAt" timestamptz, size bigint, sha256 text, crc32 bigint, "objectKey" text,
       "objectVersion" text, "objectEtag" text) join evidence e on e.id = item.id`,
    [shareId, JSON.stringify(items)],
  );
}
