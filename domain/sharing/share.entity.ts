import { defineEntity, p } from '@mikro-orm/core';
import { ARCHIVE_FORMATS } from '../archive/manifest.ts';
import type {
  CaseId,
  DownloadSessionId,
  EvidenceId,
  OrganizationId,
  ShareId,
  UserId,
} from '../ids.ts';

export const SHARE_METHODS = ['download_link'] as const;
export const SHARE_SCOPES = ['entire_case', 'selected'] as const;

/** What the archive says of its case, frozen when the link is made. */
export interface FrozenCase {
  readonly organization: string;
  readonly caseNumber: string;
  readonly title: string;
}
export interface ShareFailure {
  readonly code: string;
  readonly detail: string;
}

const ShareSchema = defineEntity({
  name: 'Share',
  tableName: 'shares',
  properties: {
    id: p.uuid().$type<ShareId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    caseId: p.uuid().$type<CaseId>(),
    method: p.enum(SHARE_METHODS),
    scope: p.enum(SHARE_SCOPES),
    format: p.enum(ARCHIVE_FORMATS).nullable(),
    createdBy: p.uuid().$type<UserId>(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    durationDays: p.integer(),
    activatedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    revokedBy: p.uuid().$type<UserId>().nullable(),
    failedAt: p.datetime().nullable(),
    failure: p.json().$type<ShareFailure>().nullable(),
    linkGeneration: p.integer(),
    linkTokenHash: p.blob(),
    passphraseHash: p.text().nullable(),
    downloadLimit: p.integer().nullable(),
    notifyOnFirstDownload: p.boolean(),
    firstDownloadAt: p.datetime().nullable(),
    archive: p.json().$type<FrozenCase>(),
    packageEtag: p.text().nullable(),
    packageSize: p.bigint('number').nullable(),
    expiryNoticeFor: p.datetime().nullable(),
    expiryHandledFor: p.datetime().nullable(),
    resharedFrom: p.uuid().$type<ShareId>().nullable(),
    version: p.integer().version(),
  },
});

/** One act of sharing a case. Whether it is open is computed from its instants, never stored. */
export class Share extends ShareSchema.class {}
ShareSchema.setClass(Share);

const ShareItemSchema = defineEntity({
  name: 'ShareItem',
  tableName: 'share_items',
  properties: {
    shareId: p.uuid().$type<ShareId>().primary(),
    position: p.integer().primary(),
    evidenceId: p.uuid().$type<EvidenceId>(),
    originalName: p.text(),
    path: p.text(),
    modifiedAt: p.datetime(),
    size: p.bigint('number'),
    sha256: p.text().nullable(),
    crc32: p.bigint('number').nullable(),
    objectKey: p.text(),
    objectVersion: p.text().nullable(),
    objectEtag: p.text().nullable(),
  },
});

/** One file of a frozen manifest; without hashes while its evidence is still being verified. */
export class ShareItem extends ShareItemSchema.class {}
ShareItemSchema.setClass(ShareItem);

const DownloadSessionSchema = defineEntity({
  name: 'DownloadSession',
  tableName: 'download_sessions',
  properties: {
    id: p.uuid().$type<DownloadSessionId>().primary(),
    shareId: p.uuid().$type<ShareId>(),
    secretHash: p.blob(),
    openedAt: p.datetime(),
    countedAt: p.datetime().nullable(),
    lastActiveAt: p.datetime(),
    beganAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    bytesServed: p.bigint('number'),
    completedAt: p.datetime().nullable(),
  },
});

/** One exchange of a link's token: the cookie that may ask for the archive's bytes. */
export class DownloadSession extends DownloadSessionSchema.class {}
DownloadSessionSchema.setClass(DownloadSession);
