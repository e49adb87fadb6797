import type { SendingLimits } from '../contract.ts';
import type { FileId, FileView } from '../engine/entry.ts';
import { button, element, setText } from './dom.ts';
import { type FileRow, fileRow, type RowActions } from './file-row.ts';
import type { Voice } from './voice.ts';

/** Files on a page of the list: thousands of rows would make the page slow, and no easier to read. */
const PAGE_SIZE = 50;

/** The files of the page, a page of the list at a time, those on their way on top where there are more. */
export interface FileList {
  readonly node: HTMLElement;
  update(files: readonly FileView[], isPaused: boolean): void;
}

export function fileList(
  voice: Voice,
  { captionLength }: Pick<SendingLimits, 'captionLength'>,
  actions: RowActions,
): FileList {
  const { words, number } = voice;
  const heading = element(
    'h3',
    { id: 'uploader-list', attributes: { tabindex: '-1' } },
    words.list,
  );
  const nowHeading = element('h3', {}, words.now);
  const now = rows(voice, null, actions);
  const nowPart = element('div', { hidden: true }, nowHeading, now.node);
  const all = rows(voice, captionLength, {
    ...actions,
    remove(file) {
      const next = neighbourOf(all.node, file.id);
      actions.remove(file);
      (next ?? heading).focus();
    },
  });
  const showing = element('span');
  const turn = (by: number) => () => {
    page += by;
    refresh();
    heading.focus();
  };
  const previous = button(words.previous, turn(-1), 'button link');
  const next = button(words.next, turn(1), 'button link');
  const pages = element(
    'nav',
    { class: 'pages', attributes: { 'aria-labelledby': 'uploader-list' } },
    previous,
    showing,
    next,
  );
  const node = element('div', { class: 'upload-list' }, nowPart, heading, all.node, pages);
  let page = 0;
  let latest: readonly FileView[] = [];
  let wasPaused = false;

  function refresh(): void {
    const last = Math.max(0, Math.ceil(latest.length / PAGE_SIZE) - 1);
    page = Math.min(Math.max(page, 0), last);
    const from = page * PAGE_SIZE;
    const shown = latest.slice(from, from + PAGE_SIZE);
    const isLong = latest.length > PAGE_SIZE;
    node.hidden = latest.length === 0;
    all.update(shown, wasPaused);
    const underWay = isLong ? latest.filter(isUnderWay) : [];
    nowPart.hidden = underWay.length === 0;
    now.update(underWay, wasPaused);
    pages.hidden = !isLong;
    previous.hidden = page === 0;
    next.hidden = page === last;
    setText(
      showing,
      words.showing(number(from + 1), number(from + shown.length), number(latest.length)),
    );
  }

  return {
    node,
    update(files, isPaused) {
      latest = files;
      wasPaused = isPaused;
      refresh();
    },
  };
}

function isUnderWay({ transfer: { phase } }: FileView): boolean {
  return phase.type === 'opening' || phase.type === 'sending' || phase.type === 'completing';
}

/** Rows that stay the same elements for as long as their files are shown. */
function rows(voice: Voice, captionLength: number | null, actions: RowActions) {
  const node = element('ul', { class: 'files' });
  const known = new Map<FileId, FileRow>();
  let order = '';
  return {
    node,
    update(files: readonly FileView[], isPaused: boolean): void {
      const ids = files.map(({ id }) => id);
      for (const file of files) {
        const row = known.get(file.id) ?? fileRow(file, voice, captionLength, actions);
        row.node.dataset['file'] = String(file.id);
        known.set(file.id, row);
        row.update(file, isPaused);
      }
      if (ids.join() === order) return;
      order = ids.join();
      const wanted = new Set(ids);
      for (const [id, row] of known) {
        if (wanted.has(id)) continue;
        row.node.remove();
        known.delete(id);
      }
      ids.forEach((id, index) => {
        const row = known.get(id);
        const there = node.children[index];
        // A row that is where it belongs is not touched: moving it would take the focus away.
        if (row !== undefined && there !== row.node) node.insertBefore(row.node, there ?? null);
      });
    },
  };
}

/** The button of the row after a file's, or before it. */
function neighbourOf(list: HTMLElement, id: FileId): HTMLElement | null {
  const row = list.querySelector(`[data-file="${id}"]`);
  const other = row?.nextElementSibling ?? row?.previousElementSibling;
  return other?.querySelector('button:not([hidden])') ?? null;
}
