import { defineEntity, p } from '@mikro-orm/core';
import type { CaseId, OrganizationId } from '../../ids.ts';
import { Share } from '../share.entity.ts';

/** What may go along with the evidence, each chosen when the case is shared. */
export const COPY_ATTACHMENTS = ['notes', 'markers', 'audit_trail'] as const;
export type CopyAttachment = (typeof COPY_ATTACHMENTS)[number];

const CaseCopySchema = defineEntity({
  name: 'CaseCopy',
  extends: Share,
  discriminatorValue: 'copy',
  properties: {
    partnerOrganizationId: p.uuid().$type<OrganizationId>(),
    message: p.text().nullable(),
    attachments: p.array().$type<CopyAttachment[]>(),
    /** The partner's case, from the moment the copy is delivered; the source is never told it. */
    targetCaseId: p.uuid().$type<CaseId>().nullable(),
    deliveredAt: p.datetime().nullable(),
  },
});

/** A share as a copy, which the partner owns once it is delivered. */
export class CaseCopy extends CaseCopySchema.class {}
CaseCopySchema.setClass(CaseCopy);
