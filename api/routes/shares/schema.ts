/** Shares of every method, in requests and answers. */
import { z } from 'zod';
import { copyView, newCopy } from './copies.ts';
import { downloadLinkView, newDownloadLink } from './download-links.ts';
import { durationDays, scope } from './fields.ts';
import { access, accessRecipients, newPartnerAccess, partnerAccessView } from './partner-access.ts';

export const newShare = z
  .discriminatedUnion('method', [newPartnerAccess, newCopy, newDownloadLink])
  .meta({ id: 'NewShare' });

export const shareChange = z
  .strictObject({
    durationDays: durationDays.describe('counted from now; all that a download link takes'),
    scope,
    access,
    recipients: accessRecipients.describe('all of them: who is not named has no access any more'),
  })
  .partial()
  .meta({ id: 'ShareChange' });

export const shareView = z
  .discriminatedUnion('method', [partnerAccessView, copyView, downloadLinkView])
  .meta({ id: 'Share' });
