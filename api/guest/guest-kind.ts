import type { Context } from 'koa';
import type { z } from 'zod';
import type { Actor } from '../../domain/audit/event.ts';
import type { ProblemCode } from '../../domain/errors.ts';
import type { NewUpload } from '../../domain/evidence/uploads/begin-upload.ts';
import type { UploadingParty } from '../../domain/evidence/uploads/uploading-party.ts';
import type { Condition } from '../../domain/sql.ts';
import type { ApiDeps } from '../deps.ts';

/** A kind of guest: whoever holds a session of something that takes files. */
export interface GuestKind<Grant> {
  /** In OpenAPI's form: `/guest/v1/requests/{requestId}`. */
  readonly prefix: string;
  /** What the prefix names. */
  readonly params: z.ZodObject;
  /** For the OpenAPI document: its heading, the beginning of operation ids, where the cookie comes from. */
  readonly tag: string;
  readonly operation: string;
  readonly cookie: string;
  /**
   * What the cookie may do, asked anew each time.
   * @throws DomainError `not-signed-in`, `link-dead`
   */
  authorise(ctx: Context, deps: ApiDeps): Promise<Grant>;
  /** Who acts, for the audit. */
  actorOf(grant: Grant): Actor;
  /** Whose idempotency keys they are: a key outlives a session. */
  keyOwnerOf(grant: Grant): string;
  partyOf(grant: Grant): UploadingParty;
  /** SQL over a row called `u` of `uploads`: those that the guest may see. */
  uploadsOf(grant: Grant): Condition;
  /** Records a refusal that says something of what takes the files. */
  recordRefusal(ctx: Context, deps: ApiDeps, grant: Grant, code: ProblemCode): Promise<void>;
}

/** What a kind of guest says of a file before it sends it, and what that makes of an upload. */
export interface GuestFile<Grant, Body extends z.ZodObject> {
  readonly body: Body;
  fileOf(grant: Grant, body: z.output<Body>): NewUpload;
}
