/** The archives of download links, sent to whoever was authorised: whole or any range, never stored. */
import type { Context } from 'koa';
import { type Acting, act } from '../../domain/act.ts';
import { layoutArchive } from '../../domain/archive/archive.ts';
import type { ArchiveLayout } from '../../domain/archive/layout.ts';
import { createLayoutCache } from '../../domain/archive/layout-cache.ts';
import { type ArchiveFormat, manifestEtag } from '../../domain/archive/manifest.ts';
import type { Source } from '../../domain/audit/event.ts';
import type { DownloadSessionId } from '../../domain/ids.ts';
import {
  accountRange,
  beginDownload,
  endDownload,
} from '../../domain/sharing/download-link/download-accounting.ts';
import {
  askSessions,
  type DownloadGrant,
  sessionActor,
} from '../../domain/sharing/download-link/download-session.ts';
import { readFrozenManifest } from '../../domain/sharing/download-link/frozen-manifest.ts';
import type { DeadState } from '../../domain/sharing/download-link/link-state.ts';
import { reportDamage } from '../../domain/sharing/download-link/report-damage.ts';
import { attachment } from '../attachment.ts';
import type { GrantKind, Ledger } from '../streaming/grant.ts';
import type { Streaming } from '../streaming/streaming.ts';
import { PACKAGE_STEM, packageName } from './package-name.ts';

/** Bytes of memory for layouts of links in use. */
const LAYOUT_BYTES = 256 * 1024 ** 2;

/** As registered with IANA. */
const CONTENT_TYPES: Readonly<Record<ArchiveFormat, string>> = {
  zip: 'application/zip',
  iso: 'application/vnd.efi.iso',
};

export interface Packages {
  /**
   * Answers a GET or HEAD of a package; resolves when the response is over.
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
  /** Resolves when nothing is being made ready. */
  drain(): Promise<void>;
}

export interface PackageDeps extends Acting {
  readonly streaming: Streaming;
}

/** Sessions of download links: the key is the session's id. */
const LINK_GRANTS: GrantKind = {
  name: 'a package',
  ask: (em, keys) => askSessions(em, keys as readonly DownloadSessionId[]),
};

export function createPackages(deps: PackageDeps): Packages {
  const layouts = createLayoutCache(LAYOUT_BYTES);
  const preparing = new Set<Promise<unknown>>();

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

  return {
    prepare(grant) {
      const made = layoutOf(grant).catch(() => undefined);
      preparing.add(made);
      void made.finally(() => preparing.delete(made));
    },
    async drain() {
      await Promise.all(preparing);
    },
    async send(ctx, grant, authorisedAt, source) {
      const by = { actor: sessionActor(grant.sessionId, grant.organizationId), source };
      const ledger: Ledger = {
        add: (range) => accountRange(deps.database.em.fork(), grant.sessionId, range),
        end: (outcome, cause) =>
          act(deps, by, (acting) => endDownload(acting, grant, outcome, cause)),
      };
      let dead: DeadState | null = null;
      await deps.streaming.send(ctx, {
        kind: LINK_GRANTS,
        key: grant.sessionId,
        holder: grant.sessionId,
        authorisedAt,
        ids: { shareId: grant.shareId },
        content: {
          size: grant.packageSize,
          etag: grant.packageEtag,
          headers: {
            'Content-Type': CONTENT_TYPES[grant.format],
            'Content-Disposition': attachment(packageName(grant), PACKAGE_STEM),
          },
          segments: async ({ start, end }) => (await layoutOf(grant)).segments(start, end),
        },
        async begin() {
          if (grant.downloading) return ledger;
          const begun = await act(deps, by, (acting) => beginDownload(acting, grant));
          if (begun.type === 'begun') return ledger;
          dead = begun.state;
          return null;
        },
        damaged: (damage) => act(deps, by, (acting) => reportDamage(acting, grant, damage)),
      });
      return dead;
    },
  };
}
