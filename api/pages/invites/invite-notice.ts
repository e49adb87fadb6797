import type { InviteId } from '../../../domain/ids.ts';
import type { DeadInviteLink } from '../../../domain/portals/invites/invite-state.ts';
import { NoticeError } from '../answers.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';

/**
 * The refusal of an invite's link that opens nothing, or of a session that it opened.
 * @param receiptOf the invite whose receipt this browser may see; null where it may see none
 */
export function deadInvite(state: DeadInviteLink, receiptOf: InviteId | null = null): NoticeError {
  return new NoticeError(
    `invite_${state}`,
    null,
    receiptOf === null
      ? null
      : (language) =>
          html`<p><a class="button" href="/invites/${receiptOf}">${MESSAGES[language].invites.showReceipt}</a></p>`,
  );
}
