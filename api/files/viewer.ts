/** Who reads a file of evidence, and by which permission. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Reading, ReadingMode } from '../../domain/evidence/content-session.ts';
import { askReaders, readerKey } from '../../domain/evidence/readers.ts';
import { requireEvidence } from '../../domain/evidence/visibility.ts';
import type { Staff } from '../../domain/identity/staff.ts';
import type { EvidenceId, ShareId, UserSessionId } from '../../domain/ids.ts';
import type { AccessLevel } from '../../domain/sharing/partner-access/partner-access.entity.ts';
import {
  askSharedContent,
  requireSharedContent,
  sharedContentKey,
} from '../../domain/sharing/partner-access/shared-content.ts';
import type { GrantKind } from '../streaming/grant.ts';

/** Somebody known: staff of the evidence's organization, or a recipient of partner access. */
export type Viewer =
  | { readonly type: 'staff'; readonly user: Staff }
  | {
      readonly type: 'recipient';
      readonly user: Pick<Staff, 'id' | 'actor'>;
      readonly shareId: ShareId;
      /**
       * The session of a browser, which shows nothing sensitive before that was accepted in it; null for a
       * program, which is told by the evidence's `sensitiveContentWarning`.
       */
      readonly browserSession: UserSessionId | null;
    };

/** A permission to read, and how it is asked for again. */
export interface Permitted {
  readonly reading: Reading;
  readonly kind: GrantKind;
  readonly key: string;
}

const STAFF: GrantKind = { name: 'a file for staff', ask: askReaders };
const RECIPIENTS: GrantKind = { name: 'a file for a recipient', ask: askSharedContent };

/** What a share must give for a file to be read so. */
const NEEDED: Readonly<Record<ReadingMode, AccessLevel>> = {
  preview: 'view',
  content: 'view_and_download',
};

/**
 * Lets a viewer read a file of evidence, at this moment.
 * @throws DomainError `not-found`, `permission-missing`, `warning-not-accepted`
 */
export async function permit(
  em: EntityManager,
  viewer: Viewer,
  evidenceId: EvidenceId,
  mode: ReadingMode,
): Promise<Permitted> {
  const userId = viewer.user.id;
  switch (viewer.type) {
    case 'staff': {
      const evidence = await requireEvidence(em, viewer.user, evidenceId, 'evidence.view');
      const reading = { mode, userId, evidence, share: null };
      return { reading, kind: STAFF, key: readerKey(userId, evidenceId) };
    }
    case 'recipient': {
      const { shareId, browserSession } = viewer;
      const acceptedIn = mode === 'preview' ? browserSession : null;
      const asked = { userId, shareId, evidenceId, needs: NEEDED[mode], acceptedIn };
      const { evidence, share } = await requireSharedContent(em, asked);
      const reading = { mode, userId, evidence, share };
      return { reading, kind: RECIPIENTS, key: sharedContentKey(asked) };
    }
    default:
      return viewer satisfies never;
  }
}
