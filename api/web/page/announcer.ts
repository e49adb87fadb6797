import { progressOf, type Summary } from '../files/summary.ts';
import { element } from './dom.ts';
import type { Voice } from './voice.ts';

/**
 * Tells those who do not see the page what happens, in few words: beginning, quarters, trouble and end,
 * but no percents.
 */
export function announcer({ words }: Voice) {
  const node = element('p', { class: 'visually-hidden', attributes: { role: 'status' } });
  const quarters = [words.announce.quarter, words.announce.half, words.announce.threeQuarters];
  let told = 0;
  let wasTroubled = false;
  let wasSending = false;
  let wasElsewhere = false;

  function say(text: string): void {
    // The same words again are news only in a new element.
    node.replaceChildren(element('span', {}, text));
  }

  return {
    node,
    say,
    update(summary: Summary, isOffline: boolean): void {
      const isElsewhere = summary.elsewhereCount > 0;
      if (isElsewhere && !wasElsewhere) say(words.elsewhere);
      wasElsewhere = isElsewhere;
      const isSending = summary.unsentCount > 0;
      if (!isSending) {
        if (wasSending && summary.verifyingCount > 0) say(words.announce.sent);
        told = 0;
      }
      wasSending = isSending;
      if (!isSending) return;
      const isTroubled = summary.isTroubled || isOffline;
      if (isTroubled !== wasTroubled) {
        say(isTroubled ? (isOffline ? words.offline : words.trouble) : words.announce.resumed);
      }
      wasTroubled = isTroubled;
      const quarter = Math.min(3, Math.floor(progressOf(summary) * 4));
      if (quarter <= told) return;
      told = quarter;
      say(quarters[quarter - 1] ?? '');
    },
  };
}
