/** Files of evidence at `/access`: their previews, their originals, and the warning before some of them. */

import type Router from '@koa/router';
import { act } from '../../../domain/act.ts';
import type { ReadingMode } from '../../../domain/evidence/content-session.ts';
import type { EvidenceId, ShareId } from '../../../domain/ids.ts';
import { acceptSensitive } from '../../../domain/sharing/partner-access/sensitive-acceptance.ts';
import type { ApiDeps } from '../../deps.ts';
import { sendFile } from '../../files/send-file.ts';
import { readReceivedEvidence } from '../../routes/shared-with-me/presenter.ts';
import { sourceOf } from '../../source.ts';
import { publicAnswers } from '../answers.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import { asKnown, idIn, signedIn } from './access-reader.ts';
import { watermarkParts, watermarkTrack } from './watermark.ts';

export function accessFileRoutes(router: Router, deps: ApiDeps): void {
  const forPeople = publicAnswers(deps.logger, 'html');
  const forPrograms = publicAnswers(deps.logger, 'json');

  for (const mode of ['preview', 'content'] as const satisfies ReadingMode[]) {
    router.get(`/access/:shareId/evidence/:evidenceId/${mode}`, forPrograms, async (ctx) => {
      ctx.state.route = `/access/{shareId}/evidence/{evidenceId}/${mode}`;
      const shareId = idIn<ShareId>(ctx.params.shareId);
      const evidenceId = idIn<EvidenceId>(ctx.params.evidenceId);
      const session = await signedIn(ctx, deps, shareId);
      const { id: browserSession, user } = session;
      await asKnown(deps, session, shareId, () =>
        sendFile(
          ctx,
          deps,
          { type: 'recipient', user, shareId, browserSession },
          { evidenceId, mode },
        ),
      );
    });
  }

  /** The watermark of a video, for a player that fills the screen. */
  router.get('/access/:shareId/evidence/:evidenceId/watermark.vtt', forPrograms, async (ctx) => {
    ctx.state.route = '/access/{shareId}/evidence/{evidenceId}/watermark.vtt';
    const shareId = idIn<ShareId>(ctx.params.shareId);
    const evidenceId = idIn<EvidenceId>(ctx.params.evidenceId);
    const session = await signedIn(ctx, deps, shareId);
    await asKnown(deps, session, shareId, async () => {
      const em = deps.database.em.fork();
      const evidence = await readReceivedEvidence(em, session.user, shareId, evidenceId);
      ctx.type = 'text/vtt; charset=utf-8';
      ctx.body = watermarkTrack(watermarkParts(evidence.watermark));
    });
  });

  /** Accepts to see what is sensitive. */
  router.post('/access/:shareId/evidence/:evidenceId/accept', forPeople, async (ctx) => {
    ctx.state.route = '/access/{shareId}/evidence/{evidenceId}/accept';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    const shareId = idIn<ShareId>(ctx.params.shareId);
    const evidenceId = idIn<EvidenceId>(ctx.params.evidenceId);
    const session = await signedIn(ctx, deps, shareId);
    const by = { actor: session.user.actor, source: sourceOf(ctx) };
    await asKnown(deps, session, shareId, () =>
      act(deps, by, async (acting) => acceptSensitive(acting, session, shareId, evidenceId)),
    );
    seeOther(ctx, `/access/${shareId}/evidence/${evidenceId}#preview`);
  });
}
