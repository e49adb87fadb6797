import { setTimeout as pause } from 'node:timers/promises';
import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { appendAudit } from './audit/append.ts';
import type { Actor, AuditEntry, Source } from './audit/event.ts';
import { type WorkflowId, workflowIdOf } from './lifecycle/life.ts';
import { type LifeRef, wakeLife } from './lifecycle/wake.ts';

/** One transaction in which somebody does something: rows, lives to wake, and the audit together. */
export interface Act {
  readonly em: EntityManager;
  readonly actor: Actor;
  /** Records an event; it is written at the end of the transaction, or nothing happens at all. */
  audit(entry: AuditEntry): void;
  /** Makes a life plan anew: in its row with this transaction, by a poke after the commit. */
  wake(life: LifeRef): void;
}

/** What acts need from outside. */
export interface Acting {
  readonly database: MikroORM;
  /** Pokes the workflow of a life; never waits, never throws. */
  readonly poke: (workflowId: WorkflowId) => void;
}

/** The operator of the installation, who acts at its command line and in set-up. */
export const OPERATOR: { readonly actor: Actor } = { actor: { kind: 'operator', id: null } };

/** Acts without a connection to Temporal: what they wake, the relay finds in its row. */
export function unpoked(database: MikroORM): Acting {
  return { database, poke: () => undefined };
}

/** PostgreSQL's codes for a transaction that may simply be tried again. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 5;

/**
 * Runs a command as one transaction: its rows, then the lives it wakes (in the order of their ids),
 * then its audit events (in the order of the chains), then the commit, then the pokes. That order is
 * the same everywhere, so that acts do not wait for each other in a circle; where they do all the
 * same, the transaction is tried again.
 */
export async function act<T>(
  acting: Acting,
  by: { readonly actor: Actor; readonly source?: Source | null },
  work: (act: Act) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptAct(acting, by, work);
    } catch (error) {
      if (attempt >= TRIES || !TRY_AGAIN.has(codeOf(error))) throw error;
      await pause(Math.random() * 20 * attempt);
    }
  }
}

async function attemptAct<T>(
  { database, poke }: Acting,
  by: { readonly actor: Actor; readonly source?: Source | null },
  work: (act: Act) => Promise<T>,
): Promise<T> {
  const entries: AuditEntry[] = [];
  const lives = new Map<WorkflowId, LifeRef>();
  const result = await database.em.fork().transactional(
    async (em) => {
      const done = await work({
        em,
        actor: by.actor,
        audit: (entry) => void entries.push(entry),
        wake: (life) => void lives.set(workflowIdOf(life.kind, life.entityId), life),
      });
      await em.flush();
      for (const workflowId of [...lives.keys()].sort()) {
        const life = lives.get(workflowId);
        if (life !== undefined) await wakeLife(em, life);
      }
      await appendAudit(em, by.actor, by.source ?? null, entries);
      return done;
    },
    { isolationLevel: IsolationLevel.READ_COMMITTED },
  );
  for (const workflowId of lives.keys()) poke(workflowId);
  return result;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
