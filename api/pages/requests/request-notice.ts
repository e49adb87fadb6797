import type { DeadRequestLink } from '../../../domain/requests/request-state.ts';
import { NoticeError, type Offer } from '../answers.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';

/**
 * The refusal of a request's link that opens nothing, or of a session that it opened. On the page of a
 * link, which is the only one that knows the link, there is a button to have one mailed: the one that
 * works now, or that of the activity log.
 */
export function deadRequest(state: DeadRequestLink, on: 'link' | 'session'): NoticeError {
  return new NoticeError(`request_${state}`, null, on === 'link' ? offerFor(state) : null);
}

/** The form has no address, so that it goes back to the page's own and the token stands nowhere in it. */
function offerFor(state: DeadRequestLink): Offer {
  const ask = state === 'closed' ? 'activity-log' : 'refresh';
  return (language) => {
    const { refresh, mailLog } = MESSAGES[language].requests;
    return html`<form method="post">
<p><button class="button" type="submit" name="ask" value="${ask}">${ask === 'refresh' ? refresh : mailLog}</button></p>
</form>`;
  };
}
