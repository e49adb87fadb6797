/** What somebody was granted to have streamed, as every kind of it looks to the streaming. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StoredDamage } from '../../domain/archive/damage.ts';
import type { Segment } from '../../domain/archive/layout.ts';
import type { ByteRange } from '../../domain/archive/ranges.ts';
import type { CutCause, DownloadOutcome } from '../../domain/audit/event.ts';

/** A kind of grant, of which many may be streamed at once: one object for the whole process. */
export interface GrantKind {
  /** What is streamed, for lines of the log. */
  readonly name: string;
  /**
   * Asks PostgreSQL, in one query, which of these grants hold.
   * @returns for each key null while its grant holds, else why it does not; a key that is not there
   *   names a grant that holds no longer
   */
  ask(em: EntityManager, keys: readonly string[]): Promise<ReadonlyMap<string, CutCause | null>>;
}

/** Bytes with a strong entity tag, of which any range can be had. */
export interface StreamContent {
  readonly size: number;
  /** Strong, with its quotes. */
  readonly etag: string;
  /** `Content-Type`, `Content-Disposition` and what else belongs to the answer that has the bytes. */
  readonly headers: Readonly<Record<string, string>>;
  /** The segments of a range; a failure here is answered with an error, since nothing was sent yet. */
  segments(range: ByteRange): Promise<Iterable<Segment>> | Iterable<Segment>;
}

/** The download that a response is a part of, where it is written down. */
export interface Ledger {
  /** Adds bytes that went out; says whether all of them have gone out now. */
  add(range: ByteRange): Promise<boolean>;
  /** Ends the download; one that has ended stays so. */
  end(outcome: DownloadOutcome, cause?: CutCause): Promise<void>;
}

/** One request's permission to have bytes, just given by PostgreSQL. */
export interface StreamGrant {
  readonly kind: GrantKind;
  /** Names the grant among those of its kind, for as long as it is streamed. */
  readonly key: string;
  /** Whose streams are counted together: nobody gets so many that others get none. */
  readonly holder: string;
  /** When the permission was asked for, by `performance.now()`. */
  readonly authorisedAt: number;
  readonly content: StreamContent;
  /** Ids that tell which grant it is, for lines of the log. */
  readonly ids: Readonly<Record<string, string>>;
  /**
   * Writes down that the bytes begin to go out: before the first of them, or none goes.
   * @returns null where the grant ended meanwhile
   */
  begin(): Promise<Ledger | null>;
  /** Told, after the end is written down, that an object is not the one that was verified. */
  damaged?(damage: StoredDamage): Promise<void>;
}
