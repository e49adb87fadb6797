import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import { requireContent, segmentsOf } from '../../domain/evidence/content.ts';
import {
  accountContent,
  beginContent,
  endContent,
  type ReadingMode,
} from '../../domain/evidence/content-session.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import { requirePreviewType } from '../../domain/evidence/preview.ts';
import { baseName } from '../../domain/evidence/uploads/file-name.ts';
import type { EvidenceId } from '../../domain/ids.ts';
import { attachment } from '../attachment.ts';
import type { ApiDeps } from '../deps.ts';
import { sourceOf } from '../source.ts';
import type { Answered } from '../streaming/streaming.ts';
import { permit, type Viewer } from './viewer.ts';

/** Nothing from evidence runs or loads anything in our origin, and no other site embeds it. */
const HARMLESS = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Sends a file of evidence to whoever may read it: as a preview in place, or as the original to be saved;
 * whole or any range; watched while it goes, and recorded. Every way to a file leads here.
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state`, `file-type-not-supported` for a
 *   preview of anything but images, video and audio, and what streaming throws
 */
export async function sendFile(
  ctx: Context,
  deps: ApiDeps,
  viewer: Viewer,
  { evidenceId, mode }: { readonly evidenceId: EvidenceId; readonly mode: ReadingMode },
): Promise<Exclude<Answered, 'ended'>> {
  const authorisedAt = performance.now();
  const { reading, kind, key } = await permit(deps.database.em.fork(), viewer, evidenceId, mode);
  const { evidence, share } = reading;
  const file = requireContent(evidence);
  const headers = headersOf(evidence, mode);
  const by = { actor: viewer.user.actor, source: sourceOf(ctx) };
  const answered = await deps.streaming.send(ctx, {
    kind,
    key,
    holder: viewer.user.id,
    authorisedAt,
    ids: { evidenceId, ...(share && { shareId: share.id }) },
    content: {
      size: file.size,
      // Equal bytes are all that a strong entity tag promises.
      etag: `"${file.sha256}"`,
      headers: { ...headers, ...HARMLESS },
      segments: (range) => segmentsOf(file, range),
    },
    async begin() {
      const session = await act(deps, by, async (acts) => {
        const begun = await beginContent(acts, reading);
        // What ended meanwhile gives no byte, and is not on record as begun.
        await permit(acts.em, viewer, evidenceId, mode);
        return begun;
      });
      return {
        add: (range) => accountContent(deps.database.em.fork(), session, range),
        end: (outcome, cause) => act(deps, by, (acts) => endContent(acts, session, outcome, cause)),
      };
    },
  });
  if (answered === 'ended') throw new Error('a file begins or its beginning fails');
  return answered;
}

function headersOf(evidence: Evidence, mode: ReadingMode): Readonly<Record<string, string>> {
  switch (mode) {
    case 'preview':
      return {
        'Content-Type': requirePreviewType(evidence.contentType),
        'Content-Disposition': 'inline',
      };
    case 'content':
      return {
        'Content-Type': evidence.contentType,
        'Content-Disposition': attachment(baseName(evidence.fileName)),
      };
    default:
      return mode satisfies never;
  }
}
