/** What may happen to an upload request, each as one act that a test lets run beside others. */
import { randomBytes } from 'node:crypto';
import { act } from '../../domain/act.ts';
import { DomainError } from '../../domain/errors.ts';
import { settleUpload } from '../../domain/evidence/intake/settle-upload.ts';
import { recordUpload } from '../../domain/evidence/uploads/begin-upload.ts';
import { completeUpload } from '../../domain/evidence/uploads/complete-upload.ts';
import type { UploadingParty } from '../../domain/evidence/uploads/uploading-party.ts';
import { newId, type UploadId } from '../../domain/ids.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { deliverMail } from '../../domain/notifications/deliver.ts';
import { extendRequest, resendRequest } from '../../domain/requests/change-request.ts';
import { closeRequest } from '../../domain/requests/close-request.ts';
import { refreshAccess } from '../../domain/requests/refresh-request.ts';
import { findRequestLink } from '../../domain/requests/request-links.ts';
import { requestParty } from '../../domain/requests/request-party.ts';
import {
  authoriseRequest,
  newSessionId,
  openRequest,
  requestActor,
} from '../../domain/requests/request-session.ts';
import type { Mailer } from '../../platform/mail.ts';
import type { TestApi } from './api.ts';
import { staffOf } from './factories.ts';
import { requestPath, type TestRequest } from './requests.ts';

/** A request, and what a run knows of what was done to it. */
export interface World {
  readonly api: TestApi;
  readonly request: TestRequest;
  readonly mailer: Mailer;
  readonly uploads: Map<UploadId, 'begun' | 'completed' | 'refused'>;
  closedAt: number | null;
  completedAt: number | null;
  reminders: number;
  readonly faults: string[];
}

/** One thing that happens. */
export type Doing = (world: World) => Promise<unknown>;

/** A turn of its life. */
export const look: Doing = ({ api, request }) =>
  turn(api, LIVES, workflowIdOf('upload-request', request.id), new Date(), []);

/** Its mail that is due is sent. */
export const deliver: Doing = ({ api, request, mailer }) =>
  deliverMail(
    {
      ...api,
      mailer,
      linkKeys: api.config.LINK_KEYS,
      publicUrl: api.config.CASEBRIDGE_PUBLIC_URL,
    },
    workflowIdOf('upload-request', request.id),
    new Date(),
    new AbortController().signal,
  );

/** Its sender closes it. */
export const close: Doing = async (world) => {
  const staff = await staffOf(world.api, world.request.sender);
  await act(world.api, { actor: staff.actor }, (acting) =>
    closeRequest(acting, staff, world.api.config.LINK_KEYS, world.request.id),
  );
  world.closedAt ??= Date.now();
};

const resend: Doing = async (world) => {
  const staff = await staffOf(world.api, world.request.sender);
  await unlessRefused(
    act(world.api, { actor: staff.actor }, (acting) =>
      resendRequest(acting, staff, world.api.config.LINK_KEYS, world.request.id),
    ),
  );
};

const extend: Doing = async (world) => {
  const staff = await staffOf(world.api, world.request.sender);
  await unlessRefused(
    act(world.api, { actor: staff.actor }, (acting) =>
      extendRequest(acting, staff, world.request.id, 3, () => undefined),
    ),
  );
};

const refresh: Doing = async ({ api, request }) => {
  const link = await findRequestLink(
    api.database.em.fork(),
    requestPath(api, request.id).slice('/u/'.length),
  );
  if (link === null) throw new Error('the first link is not known');
  const actor = requestActor(newSessionId(), link.organizationId);
  await act(api, { actor }, (acting) => refreshAccess(acting, api.config.LINK_KEYS, link));
};

const begin: Doing = async (world) => {
  const party = await partyOf(world);
  if (party === null) return;
  const id = newId<UploadId>();
  const file = {
    caseId: world.request.inCase.id,
    fileName: 'cam3.mp4',
    size: 10,
    ...{ contentType: null, title: null, recordedAt: null, sha256: null },
  };
  const allowed = { id, file, contentType: 'video/mp4', objectKey: `model/${id}` };
  await unlessRefused(
    act(world.api, { actor: party.actor }, async (acting) => {
      await recordUpload(acting, party, allowed, {
        storeUploadId: 'none',
        minimumPartSize: 16 * 1024 ** 2,
      });
    }).then(() => world.uploads.set(id, 'begun')),
  );
};

const complete: Doing = async (world) => {
  const party = await partyOf(world);
  const [id] = [...world.uploads].find(([, state]) => state === 'begun') ?? [];
  if (party === null || id === undefined) return;
  world.uploads.set(id, 'refused');
  await unlessRefused(
    act(world.api, { actor: party.actor }, (acting) =>
      completeUpload(acting, party, id, [{ partNumber: 1, etag: 'x' }]),
    ).then(() => {
      world.uploads.set(id, 'completed');
      world.completedAt ??= Date.now();
    }),
  );
};

/** What was completed is found to be intact. */
export const settle: Doing = async ({ api, request }) => {
  const verifying = await api.database.em
    .fork()
    .execute<{ id: UploadId }[]>(
      `select id from uploads where upload_request_id = ? and state = 'verifying'`,
      [request.id],
    );
  for (const { id } of verifying) {
    await settleUpload(api, workflowIdOf('evidence-intake', request.id), id, {
      verdict: {
        type: 'intact',
        object: { size: 10, etag: 'x', versionId: null },
        digest: { sha256: randomBytes(32).toString('hex'), crc32: 1 },
      },
      scan: null,
      now: new Date(),
    });
  }
};

/** What may happen, the likelier ones more often. */
export const ACTS: readonly Doing[] = [
  ...[look, look, look, deliver, deliver, deliver, begin, begin, complete, settle],
  ...[refresh, resend, extend, close],
];

/** What happens to a request that nobody answers. */
export const QUIET: readonly Doing[] = [
  ...[look, look, look, look, look, deliver, deliver, deliver, deliver, deliver],
  ...[refresh, resend, extend],
];

async function unlessRefused(doing: Promise<unknown>): Promise<void> {
  await doing.catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
  });
}

/** Whoever holds the link that works now, as a party that sends; null where none works. */
async function partyOf(
  world: World,
): Promise<(UploadingParty & { actor: ReturnType<typeof requestActor> }) | null> {
  const { api, request } = world;
  const em = api.database.em.fork();
  const [now] = await em.execute<{ generation: number }[]>(
    'select link_generation as generation from upload_requests where id = ?',
    [request.id],
  );
  const token = requestPath(api, request.id, now?.generation ?? 1).slice('/u/'.length);
  const link = await findRequestLink(em, token);
  if (link === null) return null;
  const sessionId = newSessionId();
  const actor = requestActor(sessionId, link.organizationId);
  const opened = await act(api, { actor }, (acting) => openRequest(acting, link, sessionId));
  if (opened.type === 'refused') return null;
  const held = await authoriseRequest(em, request.id, opened.secret);
  return held.type === 'granted' ? { ...requestParty(held.grant), actor } : null;
}

/** Time passes: everything that the request counts from is longer ago. */
export async function pass({ api, request }: World, milliseconds: number): Promise<void> {
  const by = `- interval '${milliseconds} milliseconds'`;
  const shift = (table: string, key: string, ...columns: string[]) =>
    api.database.em
      .fork()
      .execute(
        `update ${table} set ${columns.map((column) => `${column} = ${column} ${by}`).join(', ')} where ${key} = ?`,
        [request.id],
      );
  await shift('upload_requests', 'id', 'expires_at', 'refreshed_at', 'log_asked_at');
  await shift(
    'upload_request_progress',
    'request_id',
    ...['invited_at', 'last_mail_at', 'expiry_handled_for'],
  );
  await shift('uploads', 'upload_request_id', 'begun_at', 'last_active_at', 'settled_at');
  await shift('notifications', 'subject_id', 'created_at', 'next_attempt_at', 'lease_until');
}
