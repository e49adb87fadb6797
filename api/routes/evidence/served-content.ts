import { pipeline, Readable, Transform } from 'node:stream';
import type { Context } from 'koa';
import { act } from '../../../domain/act.ts';
import type { ByteRange } from '../../../domain/archive/ranges.ts';
import type { Source } from '../../../domain/audit/event.ts';
import { DomainError } from '../../../domain/errors.ts';
import { entryOf } from '../../../domain/evidence/commands.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import { requireEvidence } from '../../../domain/evidence/visibility.ts';
import { findStaff, type Staff } from '../../../domain/identity/staff.ts';
import type { ApiDeps } from '../../deps.ts';

/** A range of a file on its way to somebody. */
export interface Serving {
  readonly ctx: Context;
  readonly deps: ApiDeps;
  readonly staff: Staff;
  readonly source: Source;
  readonly evidence: Evidence;
  readonly range: ByteRange;
}

/** Milliseconds between two looks at whether the reader may still have the bytes. */
const RECHECK = 900;

type Outcome = 'complete' | 'abandoned' | 'cut' | 'failed';

/**
 * The bytes of a range, with their two audit events: that they began, before the first one goes out,
 * and how it ended. The connection breaks when the store does, and within a second after the reader's
 * permission ends: the answer is then shorter than it said, and never ends as if it were whole.
 */
export async function servedContent(serving: Serving): Promise<Readable> {
  const { ctx, deps, evidence, range } = serving;
  const length = range.end - range.start;
  const stored =
    length === 0
      ? Readable.from([])
      : await deps.store.read(
          evidence.objectKey,
          { offset: range.start, length },
          evidence.objectVersion,
        );
  try {
    await record(serving, 'evidence.download_began', { start: range.start, end: range.end });
  } catch (error) {
    stored.destroy();
    throw error;
  }

  let bytes = 0;
  let broken: Outcome | null = null;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(bytes === length ? null : new Error(`the store gave ${bytes} bytes of ${length}`));
    },
  });
  pipeline(stored, counted, (error) => {
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') broken ??= 'failed';
  });
  const stopWatching = watch(serving, () => {
    broken = 'cut';
    counted.destroy(new Error('the permission to read ended'));
  });
  ctx.res.once('close', () => {
    stopWatching();
    const outcome = ctx.res.writableFinished ? 'complete' : (broken ?? 'abandoned');
    record(serving, 'evidence.download_ended', { bytes }, outcome).catch((failure: unknown) => {
      deps.logger.error({ err: failure, evidenceId: evidence.id }, 'the end of a download is lost');
    });
  });
  return counted;
}

async function record(
  { deps, staff, source, evidence }: Serving,
  action: 'evidence.download_began' | 'evidence.download_ended',
  data: Readonly<Record<string, number>>,
  outcome?: Outcome,
): Promise<void> {
  await act(deps, { actor: staff.actor, source }, async ({ audit }) => {
    audit({
      ...entryOf(evidence),
      action,
      ...(outcome === undefined ? {} : { reason: outcome }),
      ...(outcome === undefined || outcome === 'complete' ? {} : { outcome: 'failed' as const }),
      data,
    });
  });
}

/** Looks again and again whether the reader may still have the bytes; gives a function that ends it. */
function watch({ deps, staff, evidence }: Serving, onRefused: () => void): () => void {
  let looking = false;
  async function look(): Promise<void> {
    looking = true;
    try {
      const em = deps.database.em.fork();
      const now = await findStaff(em, staff.email);
      if (now === null) onRefused();
      else await requireEvidence(em, now, evidence.id, 'evidence.view');
    } catch (error) {
      // A database that is away has answered no revocation either; the next look will tell.
      if (error instanceof DomainError) onRefused();
    } finally {
      looking = false;
    }
  }
  const timer = setInterval(() => {
    if (!looking) void look();
  }, RECHECK);
  return () => clearInterval(timer);
}
