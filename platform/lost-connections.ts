/** What the pool of connections to PostgreSQL does not notice by itself. */
import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

/**
 * Takes connections for lost on which nothing came for `silence` milliseconds while somebody waited, and
 * gives the places of lost connections back to the pool. The ORM gives a connection back after its commit
 * or its rollback; where the connection is lost neither succeeds, and its place would be taken for good.
 *
 * @param silence milliseconds; longer than the longest statement may run
 */
export function watchConnections(pool: Pool, silence: number): void {
  const inUse = new Set<PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_error, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!inUse.has(client)) return;
      client.release(true);
      // Whoever has it may give it back as well: it is given back.
      client.release = () => undefined;
    });
    const { stream } = (client as PoolClient & { readonly connection: { stream: Socket } })
      .connection;
    // A peer that is gone without a sign never answers, and never breaks the connection either.
    stream.setTimeout(silence, () => {
      if (inUse.has(client))
        stream.destroy(new Error('Connection terminated: PostgreSQL is silent'));
    });
  });
}
