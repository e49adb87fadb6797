/** Handing in, on the page of an invite: what was sent, whether it can be handed in, and the button. */
import { troubleOf } from '../engine/trouble.ts';
import {
  type Busy,
  isBusy,
  type Readiness,
  readinessOf,
  type SentFile,
  sentFilesOf,
} from '../files/sent-files.ts';
import type { Call } from '../upload-calls.ts';
import { INVITE_WORDS, type InviteWords } from '../words/invite-words.ts';
import { contactForm } from './contact-form.ts';
import { button, element, setText } from './dom.ts';
import { shutNotice } from './notices.ts';
import type { Conclusion } from './results.ts';
import { sentList } from './sent-list.ts';
import { type Submitted, submit } from './submission.ts';
import type { Voice } from './voice.ts';

/** Milliseconds between two looks at files of an earlier visit that are being checked. */
const LOOK_EVERY = 3_000;

const IDLE: Busy = {
  listed: { count: 0, bytes: 0 },
  unsentCount: 0,
  verifyingCount: 0,
  elsewhereCount: 0,
  failedCount: 0,
};

/** Fills the section of the page; gives what the uploader shows and tells. */
export function handInPart(
  { section, uploader }: { readonly section: HTMLElement; readonly uploader: HTMLElement },
  voice: Voice,
  call: Call,
): Conclusion {
  const words = INVITE_WORDS[voice.language];
  const form = document.querySelector<HTMLFormElement>('form#contact');
  const contact = contactForm(form, words.faults);
  const list = sentList(voice, words, (file) => void remove(file));
  const told = element('p', { id: 'hand-in-state', attributes: { role: 'status' } });
  const alarm = element('p', { class: 'alarm', hidden: true, attributes: { role: 'alert' } });
  const send = button(words.submit, () => void handIn());
  send.setAttribute('aria-describedby', told.id);
  section.append(list.node, told, alarm, send);
  let sent: readonly SentFile[] = [];
  let busy = IDLE;
  let isSubmitting = false;
  let isShut = false;

  function show(): void {
    const own = isBusy(busy) || busy.listed.count > 0;
    // What is on its way from this page is shown above.
    list.update(sent.filter(({ state }) => state === 'verified' || !own));
    const readiness = readinessOf(sent, busy);
    if (!isSubmitting) setText(told, said(readiness, words, voice));
    send.disabled = isSubmitting || isShut || readiness.type !== 'ready';
    section.dataset['state'] = readiness.type;
  }

  function complain(text: string): void {
    alarm.hidden = text === '';
    setText(alarm, text);
  }

  let isAsking = false;
  let isWanted = false;
  /** Asks for the files; what is wanted meanwhile is asked for once more. */
  async function refresh(): Promise<void> {
    isWanted = true;
    if (isAsking || isShut) return;
    isAsking = true;
    while (isWanted) {
      isWanted = false;
      try {
        sent = sentFilesOf(await call('GET', ''));
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble.type === 'shut') close(trouble.reason);
        else setTimeout(() => void refresh(), LOOK_EVERY);
      }
    }
    isAsking = false;
    show();
    const isLeft = sent.some(({ state }) => state === 'verifying') && !isBusy(busy);
    if (isLeft) setTimeout(() => void refresh(), LOOK_EVERY);
  }

  async function remove(file: SentFile): Promise<void> {
    complain('');
    try {
      await call('DELETE', `/uploads/${encodeURIComponent(file.id)}`);
      setText(told, words.removed(file.path));
    } catch {
      complain(words.notRemoved);
    }
    await refresh();
    list.heading.focus();
  }

  async function handIn(): Promise<void> {
    complain('');
    if (!contact.check()) return complain(words.check);
    setSubmitting(true);
    setText(told, words.submitting);
    const outcome = await submit(
      call,
      {
        communityMember: contact.values(),
        acceptedTerms: section.dataset['terms'] ?? false,
      },
      () => setText(told, words.again),
    );
    await conclude(outcome);
  }

  async function conclude(outcome: Submitted): Promise<void> {
    if (outcome.type === 'done') return location.replace(location.pathname);
    setSubmitting(false);
    switch (outcome.type) {
      case 'invalid':
        complain(contact.refuse(outcome.fields) ? words.check : words.wrong);
        break;
      case 'changed':
        if (outcome.what === 'terms') return location.replace(location.pathname);
        complain(words.changed);
        break;
      case 'shut':
        return close(outcome.reason);
      case 'failed':
        complain(words.wrong);
        break;
      default:
        outcome satisfies never;
    }
    await refresh();
  }

  function setSubmitting(is: boolean): void {
    isSubmitting = is;
    uploader.inert = is;
    if (form !== null) form.inert = is;
    list.node.inert = is;
    show();
  }

  function close(reason: Parameters<typeof shutNotice>[1]): void {
    if (isShut) return;
    // Handed in from another tab: here is the receipt.
    if (reason === 'used_up') return location.replace(location.pathname);
    isShut = true;
    section.insertBefore(shutNotice(voice, reason), list.node);
    show();
  }

  show();
  void refresh();
  let endedCount = 0;
  return {
    node: element(
      'div',
      { class: 'hint' },
      element('p', {}, words.notYet),
      element(
        'p',
        {},
        element('a', { class: 'button', attributes: { href: '#hand-in-title' } }, words.goToEnd),
      ),
    ),
    update: () => void refresh(),
    watch({ listed, unsentCount, verifyingCount, elsewhereCount, ended }) {
      const failedCount = ended.failed.length;
      const wasBusy = isBusy(busy);
      busy = { listed, unsentCount, verifyingCount, elsewhereCount, failedCount };
      const count = ended.verified.length + ended.duplicate.length + failedCount;
      if (count !== endedCount || wasBusy !== isBusy(busy)) void refresh();
      endedCount = count;
      show();
    },
  };
}

/** What is to be done now, in the reader's words. */
function said(readiness: Readiness, words: InviteWords, { number }: Voice): string {
  switch (readiness.type) {
    case 'ready':
    case 'nothing':
    case 'waiting':
      return words[readiness.type];
    case 'listed':
    case 'failed':
    case 'unfinished':
      return words[readiness.type](readiness.count, number(readiness.count));
    default:
      return readiness satisfies never;
  }
}
