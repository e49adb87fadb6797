/** The archives of download links, sent to whoever was authorised: whole or any range, never stored. */
import type { Context } from 'koa';
import { type Acting, act } from '../../domain/act.ts';
import { layoutArchive } from '../../domain/archive/archive.ts';
import type { ArchiveLayout } from '../../domain/archive/layout.ts';
import { createLayoutCache } from '../../domain/archive/layout-cache.ts';
import { manifestEtag } from '../../domain/archive/manifest.ts';
import { type ByteRange, decideDownload } from '../../domain/archive/ranges.ts';
import type { Source } from '../../domain/audit/event.ts';
import type { DownloadSessionId } from '../../domain/ids.ts';
import {
  accountRange,
  beginDownload,
  type DownloadOutcome,
  endDownload,
} from '../../domain/sharing/download-accounting.ts';
import { type DownloadGrant, sessionActor } from '../../domain/sharing/download-session.ts';
import { readFrozenManifest } from '../../domain/sharing/frozen-manifest.ts';
import type { DeadState } from '../../domain/sharing/link-state.ts';
import type { Logger } from '../../platform/logging.ts';
import type { RangeReader } from '../../platform/object-store/range-reader.ts';
import { setContent, setRefusal } from './package-headers.ts';
import { createRangeAccount } from './range-account.ts';
import { type CutReason, createRunningStreams } from './running-streams.ts';
import { type StreamEnd, streamSegments } from './stream.ts';

/** Bytes of memory for layouts of links in use. */
const LAYOUT_BYTES = 256 * 1024 ** 2;

export interface Packages {
  /**
   * Answers a GET or HEAD of a package as RFC 9110 says; resolves when the response is over.
   * @param authorisedAt when the grant was asked for, by `performance.now()`
   * @returns the reason where the link died, or was used up by another session, before the first byte
   */
  send(
    ctx: Context,
    grant: DownloadGrant,
    authorisedAt: number,
    source: Source,
  ): Promise<DeadState | null>;
  /** Makes ready to send a package that will soon be asked for; fails silently, since sending tells. */
  prepare(grant: DownloadGrant): void;
  /** Downloads under way. */
  readonly running: number;
  /** Those of one session. */
  runningOf(sessionId: DownloadSessionId): number;
  /** Resolves when all downloads are over and written down; cut their connections before. */
  drain(): Promise<void>;
}

export interface PackageDeps extends Acting {
  readonly reader: RangeReader;
  readonly logger: Logger;
}

export function createPackages(deps: PackageDeps): Packages {
  const layouts = createLayoutCache(LAYOUT_BYTES);
  const streams = createRunningStreams(deps);
  const underWay = new Set<Promise<void>>();

  /** The layout of a link, which never changes: the key names both link and content. */
  async function layoutOf(grant: DownloadGrant): Promise<ArchiveLayout> {
    return layouts.get(`${grant.shareId} ${grant.packageEtag}`, async () => {
      const frozen = { id: grant.shareId, ...grant };
      const manifest = await readFrozenManifest(deps.database.em.fork(), frozen);
      const layout = layoutArchive(manifest);
      if (manifestEtag(manifest) !== grant.packageEtag || layout.size !== grant.packageSize) {
        throw new Error(`the manifest of share ${grant.shareId} is not the one that was promised`);
      }
      return layout;
    });
  }

  async function stream(
    ctx: Context,
    grant: DownloadGrant,
    authorisedAt: number,
    source: Source,
    segments: { readonly layout: ArchiveLayout } & ByteRange,
  ): Promise<void> {
    const { res } = ctx;
    const by = { actor: sessionActor(grant.sessionId, grant.organizationId), source };
    const account = createRangeAccount(
      {
        add: (range) => accountRange(deps.database.em.fork(), grant.sessionId, range),
        end: (outcome, cause) =>
          act(deps, by, (acting) => endDownload(acting, grant, outcome, cause)),
      },
      { logger: deps.logger, start: segments.start, stalled: () => res.destroy() },
    );
    // A reset also drops what the operating system holds still of a stream that must end.
    const running = streams.begin(grant.sessionId, authorisedAt, () =>
      res.socket?.resetAndDestroy(),
    );
    // A stream that is held does not look at its connection.
    res.once('close', () => running.end());
    ctx.respond = false;
    const ended = await streamSegments(
      segments.layout.segments(segments.start, segments.end),
      deps.reader,
      res,
      {
        signal: running.signal,
        gate: () => running.gate(),
        onSent: (bytes) => account.add(bytes),
      },
    );
    running.end();
    if (ended.end === 'failed') {
      deps.logger.error({ shareId: grant.shareId, err: ended.error }, 'a package broke off');
    }
    await account.settle(outcomeOf(ended, running.signal));
  }

  async function tracked(work: Promise<void>): Promise<void> {
    underWay.add(work);
    await work.finally(() => underWay.delete(work));
  }

  return {
    prepare(grant) {
      void tracked(
        layoutOf(grant).then(
          () => undefined,
          () => undefined,
        ),
      );
    },
    get running() {
      return streams.count;
    },
    runningOf: (sessionId) => streams.countOf(sessionId),
    async send(ctx, grant, authorisedAt, source) {
      const method = ctx.method === 'HEAD' ? 'HEAD' : 'GET';
      const { packageEtag, packageSize } = grant;
      const decision = decideDownload(method, ctx.headers, packageEtag, packageSize);
      if (decision.status !== 200 && decision.status !== 206) {
        setRefusal(ctx, grant, decision.status);
        endHere(ctx);
        return null;
      }
      if (method === 'HEAD') {
        setContent(ctx, grant, decision);
        endHere(ctx);
        return null;
      }
      const layout = await layoutOf(grant);
      let checkedAt = authorisedAt;
      if (!grant.downloading) {
        const by = { actor: sessionActor(grant.sessionId, grant.organizationId), source };
        checkedAt = performance.now();
        const begun = await act(deps, by, (acting) => beginDownload(acting, grant));
        if (begun.type === 'dead') return begun.state;
      }
      setContent(ctx, grant, decision);
      const { start, end } = decision;
      await tracked(stream(ctx, grant, checkedAt, source, { layout, start, end }));
      return null;
    },
    async drain() {
      await Promise.allSettled(underWay);
    },
  };
}

/** Ends a response that has a head only; Koa would change its status for that. */
function endHere(ctx: Context): void {
  ctx.respond = false;
  ctx.res.end();
}

/** How the download is to be ended for the record; null where the client may come back for the rest. */
function outcomeOf(
  ended: StreamEnd,
  signal: AbortSignal,
): { outcome: DownloadOutcome; cause?: CutReason } | null {
  // The connection is broken before the stream learns why, and takes that for the client's doing.
  if (signal.aborted) return { outcome: 'cut', cause: signal.reason };
  switch (ended.end) {
    case 'complete':
    case 'receiver-gone':
      return null;
    case 'cut':
    case 'failed':
      return { outcome: 'failed' };
    default:
      return ended satisfies never;
  }
}
