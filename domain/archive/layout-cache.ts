/** Layouts of links in use, by entity tag: bounded by bytes, the least recently used goes first. */
import type { ArchiveLayout } from './layout.ts';

export interface LayoutCache {
  /** The layout of an entity tag; made once, also when many ask at the same time. */
  get(etag: string, make: () => Promise<ArchiveLayout>): Promise<ArchiveLayout>;
  /** Bytes held now. */
  readonly bytes: number;
}

/** A cache that keeps layouts of `maxBytes` together; one that is larger alone is not kept. */
export function createLayoutCache(maxBytes: number): LayoutCache {
  const kept = new Map<string, ArchiveLayout>();
  const underWay = new Map<string, Promise<ArchiveLayout>>();
  let bytes = 0;

  function keep(etag: string, layout: ArchiveLayout): void {
    if (layout.memory > maxBytes) return;
    kept.set(etag, layout);
    bytes += layout.memory;
    for (const [oldest, { memory }] of kept) {
      if (bytes <= maxBytes) return;
      kept.delete(oldest);
      bytes -= memory;
    }
  }

  async function makeOnce(etag: string, make: () => Promise<ArchiveLayout>) {
    try {
      const layout = await make();
      keep(etag, layout);
      return layout;
    } finally {
      underWay.delete(etag);
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    async get(etag, make) {
      const layout = kept.get(etag);
      if (layout !== undefined) {
        // A map keeps the order of insertion: the latest use goes to its end.
        kept.delete(etag);
        kept.set(etag, layout);
        return layout;
      }
      const pending = underWay.get(etag) ?? makeOnce(etag, make);
      underWay.set(etag, pending);
      return pending;
    },
  };
}
