/** `/invites/{inviteId}`: an opened invite, and the receipt of what was handed in through it. */
import type Router from '@koa/router';
import { readReceipt } from '../../../domain/portals/submissions/receipt.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { authorisedForInvite } from '../../guest/authorised.ts';
import { readInviteFacts } from '../../guest/invite-facts.ts';
import { publicAnswers, sendPage } from '../answers.ts';
import { languageOf } from '../messages/messages.ts';
import { allowStore } from '../uploader-section.ts';
import { deadInvite } from './invite-notice.ts';
import { invitePage } from './invite-pages.ts';
import { receiptPage } from './receipt-page.ts';
import { termsPage } from './terms-page.ts';

/** Mounts the page that sessions open. */
export function inviteRoutes(router: Router, deps: ApiDeps): void {
  router.get('/invites/:inviteId', publicAnswers(deps.logger, 'html'), async (ctx) => {
    ctx.state.route = '/invites/{inviteId}';
    const grant = await authorisedForInvite(ctx, deps, (state) => deadInvite(state));
    const { inviteId, expiresAt, organization, state } = grant;
    const em = deps.database.em.fork();
    if (state === 'used_up') {
      const receipt = await readReceipt(em, inviteId);
      if (receipt === null) throw deadInvite(state);
      return sendPage(ctx, 200, (language) => receiptPage(language, organization, receipt));
    }
    // The invite may have been sent again since the cookie was given.
    const secret = heldSecret(ctx, deps.config, `invite-${inviteId}`);
    keepSecret(ctx, deps.config, `invite-${inviteId}`, { secret, expiresAt });
    const facts = await readInviteFacts(em, { ...grant, state }, languageOf(ctx));
    const { terms } = facts;
    // Accepted by the address: it is kept with what is handed in, and nowhere before.
    if (terms != null && ctx.query.terms !== terms.version) {
      return sendPage(ctx, 200, (language) => termsPage(language, organization.name, terms));
    }
    allowStore(ctx, deps.config);
    sendPage(ctx, 200, (language) => invitePage(language, facts));
  });
}
