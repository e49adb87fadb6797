/** Shows how far an import is: bars on a terminal, a plain line now and then anywhere else. */
import { durationText, shown, sizeText } from './outcome.ts';

/** A file that is being read or sent. */
export interface FileProgress {
  readonly add: (bytes: number) => void;
  readonly end: () => void;
}

export interface Progress {
  /** Begins a stretch of work of so many bytes. */
  readonly stretch: (name: string, totalBytes: number, totalFiles: number) => void;
  readonly file: (name: string, size: number) => FileProgress;
  /** Counts files that are done without being worked on. */
  readonly pass: (bytes: number) => void;
  readonly say: (line: string) => void;
  readonly close: () => void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

/** Milliseconds between two pictures on a terminal, and between two lines elsewhere. */
const PICTURE_EVERY = 200;
const LINE_EVERY = 5_000;

/** Characters of a bar. */
const BAR = 24;

/** Running files that are shown. */
const SHOWN_FILES = 8;

export function openProgress(out: Terminal): Progress {
  const isTerminal = out.isTTY === true;
  const running = new Map<number, { name: string; size: number; bytes: number }>();
  let current: { name: string; bytes: number; files: number; begun: number } | null = null;
  let bytes = 0;
  let files = 0;
  let painted = 0;
  let nextId = 0;

  function overall(): string {
    if (current === null) return '';
    const seconds = (performance.now() - current.begun) / 1000;
    const rate = bytes / Math.max(seconds, 0.001);
    const left = rate > 0 ? (current.bytes - bytes) / rate : 0;
    const counts = `${files} of ${current.files} files, ${sizeText(bytes)} of ${sizeText(current.bytes)}`;
    const pace =
      seconds < 1 || bytes === 0 ? '' : `, ${sizeText(rate)}/s, ${durationText(left)} left`;
    return `${counts}${pace}`;
  }

  function erase(): void {
    if (painted > 0) out.write(`\u001b[${painted}A\u001b[J`);
    painted = 0;
  }

  function paint(): void {
    if (current === null || current.files === 0) return;
    if (!isTerminal) {
      out.write(`${current.name}: ${overall()}\n`);
      return;
    }
    const width = Math.max(40, out.columns ?? 80) - 1;
    const rows = [`${current.name.padEnd(10)} ${bar(bytes, current.bytes)} ${overall()}`];
    for (const { name, size, bytes: done } of [...running.values()].slice(0, SHOWN_FILES)) {
      rows.push(`${''.padEnd(10)} ${bar(done, size)} ${shown(name)}`);
    }
    erase();
    out.write(rows.map((row) => `${cutTo(row, width)}\n`).join(''));
    painted = rows.length;
  }

  const timer = setInterval(paint, isTerminal ? PICTURE_EVERY : LINE_EVERY);
  timer.unref();

  function endStretch(): void {
    if (current === null) return;
    paint();
    painted = 0;
    current = null;
  }

  return {
    stretch(name, totalBytes, totalFiles) {
      endStretch();
      current = { name, bytes: totalBytes, files: totalFiles, begun: performance.now() };
      bytes = 0;
      files = 0;
    },
    file(name, size) {
      const id = nextId++;
      const entry = { name, size, bytes: 0 };
      running.set(id, entry);
      return {
        add(count) {
          entry.bytes += count;
          bytes += count;
        },
        end() {
          running.delete(id);
          // A file that ended before its last byte is done with all the same.
          bytes += size - entry.bytes;
          files += 1;
        },
      };
    },
    pass(count) {
      bytes += count;
      files += 1;
    },
    say(line) {
      erase();
      out.write(`${line}\n`);
    },
    close() {
      endStretch();
      clearInterval(timer);
    },
  };
}

function bar(done: number, total: number): string {
  const part = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const full = Math.round(part * BAR);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}] ${percent}`;
}

/** Characters that take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** As much of a row as fits: one that wraps would be painted over only in part. */
function cutTo(row: string, columns: number): string {
  let used = 0;
  let text = '';
  for (const character of row) {
    used += WIDE.test(character) ? 2 : 1;
    if (used > columns) break;
    text += character;
  }
  return text;
}
