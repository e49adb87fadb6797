import { evidenceIntakeLife } from '../evidence/intake-life.ts';
import { downloadLinkLife } from '../sharing/download-link-life.ts';
import type { Life } from './definition.ts';
import type { LifeKind } from './life.ts';

/** Every kind of life. */
export const LIVES: Readonly<Record<LifeKind, Life>> = {
  'download-link': downloadLinkLife,
  'evidence-intake': evidenceIntakeLife,
};
