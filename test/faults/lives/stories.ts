import type { LifeKind } from '../../../domain/lifecycle/life.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import { apiClientStory } from './api-client.ts';
import { caseCopyStory } from './case-copy.ts';
import { downloadLinkStory } from './download-link.ts';
import { evidenceIntakeStory } from './evidence-intake.ts';
import { partnerAccessStory } from './partner-access.ts';
import { portalStory } from './portal.ts';
import { portalInviteStory } from './portal-invite.ts';
import { retentionStory } from './retention.ts';
import { uploadRequestStory } from './upload-request.ts';

/** A story of every kind of life that somebody or something goes through. */
export const STORIES: Readonly<Record<Exclude<LifeKind, 'reconciliation'>, LifeStory>> = {
  'download-link': downloadLinkStory,
  'evidence-intake': evidenceIntakeStory,
  'upload-request': uploadRequestStory,
  'partner-access': partnerAccessStory,
  'case-copy': caseCopyStory,
  retention: retentionStory,
  'api-client': apiClientStory,
  portal: portalStory,
  'portal-invite': portalInviteStory,
};
