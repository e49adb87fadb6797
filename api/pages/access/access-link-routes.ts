/** `/a/{token}`: the link that a recipient of partner access was mailed; it leads to a sign-in. */

import type Router from '@koa/router';
import type { Context } from 'koa';
import { findSignedIn } from '../../../domain/identity/user-session.ts';
import type { ShareId } from '../../../domain/ids.ts';
import {
  type FoundAccessLink,
  findAccessLink,
} from '../../../domain/sharing/partner-access/access-link.ts';
import {
  accessStanding,
  linkStanding,
} from '../../../domain/sharing/partner-access/access-standing.ts';
import { heldSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import { type Attempts, CONTINUE } from '../sign-in/sign-in-attempts.ts';
import { arrivalPage } from '../sign-in/sign-in-pages.ts';

export function accessLinkRoutes(router: Router, deps: ApiDeps, attempts: Attempts): void {
  const { CASEBRIDGE_PUBLIC_URL: publicUrl } = deps.config;
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/a/:token', answers, async (ctx) => {
    ctx.state.route = '/a/{token}';
    await knownLink(ctx);
    sendPage(ctx, 200, arrivalPage);
  });

  router.post('/a/:token', answers, async (ctx) => {
    ctx.state.route = '/a/{token}';
    refuseOtherSites(ctx, publicUrl);
    const { shareId, userId } = await knownLink(ctx);
    if (await isSignedInFor(ctx, shareId)) return seeOther(ctx, `/access/${shareId}`);
    await attempts.countTry(ctx);
    const attempt = await attempts.begin(ctx, {
      begunBy: 'link',
      known: { userId, shareId },
      returnTo: shareId,
    });
    await attempts.send(ctx, attempt);
    seeOther(ctx, CONTINUE);
  });

  /** A link that would open something for whoever it was mailed to. */
  async function knownLink(ctx: Context): Promise<FoundAccessLink> {
    const em = deps.database.em.fork();
    const link = await findAccessLink(em, ctx.params.token ?? '');
    if (link === null) throw new NoticeError('unknown');
    const standing = await linkStanding(em, link.id);
    if (standing !== 'open') throw new NoticeError(`access_${standing}`);
    return link;
  }

  async function isSignedInFor(ctx: Context, shareId: ShareId): Promise<boolean> {
    const em = deps.database.em.fork();
    const session = await findSignedIn(em, heldSecret(ctx, deps.config, 'user'));
    return session !== null && (await accessStanding(em, shareId, session.user.id)) === 'open';
  }
}
