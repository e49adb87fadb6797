import { defineEntity, p } from '@mikro-orm/core';
import type { SharingFacts } from '../../archive/description.ts';
import { ARCHIVE_FORMATS } from '../../archive/manifest.ts';
import type { ShareId, UserId } from '../../ids.ts';
import { Share, type ShareFailure } from '../share.entity.ts';

/** What the archive says of its case, frozen when the link is made. */
export interface FrozenCase {
  readonly organization: string;
  readonly caseNumber: string;
  readonly title: string;
  /** Absent in links whose archives have format version 1. */
  readonly sharing?: SharingFacts;
}

const DownloadLinkSchema = defineEntity({
  name: 'DownloadLink',
  extends: Share,
  discriminatorValue: 'download_link',
  properties: {
    format: p.enum(ARCHIVE_FORMATS),
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
  },
});

/** A share that anyone who has its link can download. */
export class DownloadLink extends DownloadLinkSchema.class {}
DownloadLinkSchema.setClass(DownloadLink);
