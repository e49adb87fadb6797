/** `/shared/{shareId}`: an opened package, for whoever holds a session of its link. */
import { Readable } from 'node:stream';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { act } from '../../../domain/act.ts';
import { ROOT_UNITS, safeFolderName } from '../../../domain/archive/names.ts';
import { type ShareId, UUID } from '../../../domain/ids.ts';
import { recordRefusedDownload } from '../../../domain/sharing/download-link/download-accounting.ts';
import {
  type Authorisation,
  authorise,
  type DownloadGrant,
  type KnownSession,
  sessionActor,
} from '../../../domain/sharing/download-link/download-session.ts';
import type { DeadState } from '../../../domain/sharing/download-link/link-state.ts';
import {
  countPackage,
  listPackage,
} from '../../../domain/sharing/download-link/package-contents.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { asciiName } from '../../attachment.ts';
import { heldSecret, keepSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { PACKAGE_STEM, packageName } from '../../package/package-name.ts';
import { sourceOf } from '../../source.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { manifestDocument } from './manifest-document.ts';
import { sharedPage } from './shared-page.ts';

/** Files that a page lists; the manifest has all. */
const PAGE_SIZE = 200;

export function sharedRoutes(router: Router, deps: ApiDeps): void {
  // A program that repeats itself on a dead link is on record once an hour.
  const recordedRefusals = createRateLimit(deps.database, {
    name: 'refused-download',
    tries: 1,
    seconds: 3600,
  });
  const forPeople = publicAnswers(deps.logger, 'html');
  const forPrograms = publicAnswers(deps.logger, 'json');

  router.get('/shared/:shareId', forPeople, async (ctx) => {
    ctx.state.route = '/shared/{shareId}';
    const grant = granted(await authorisation(ctx));
    // The link may have been extended since the cookie was given.
    const { shareId, expiresAt } = grant;
    const secret = heldSecret(ctx, deps.config, `share-${shareId}`);
    keepSecret(ctx, deps.config, `share-${shareId}`, { secret, expiresAt });
    const em = deps.database.em.fork();
    const { files: fileCount, bytes: totalSize } = await countPackage(em, grant.shareId);
    const from = firstOf(ctx, fileCount);
    const files = await listPackage(em, grant.shareId, { from, limit: PAGE_SIZE });
    const path = `/shared/${grant.shareId}`;
    sendPage(ctx, 200, (language) =>
      sharedPage(language, {
        ...grant.archive,
        expiresAt: grant.expiresAt,
        now: new Date(),
        timeZone: grant.timeZone,
        fileCount,
        totalSize,
        format: grant.format,
        archiveSize: grant.packageSize,
        files,
        from,
        pageSize: PAGE_SIZE,
        folder: safeFolderName(grant.archive.caseNumber, ROOT_UNITS),
        path,
        namedAddress: `${deps.config.CASEBRIDGE_PUBLIC_URL}${path}/package/${fileName(grant)}`,
        hasPassphrase: grant.hasPassphrase,
        hasCertificate: grant.archive.sharing !== undefined,
      }),
    );
  });

  router.get('/shared/:shareId/manifest.json', forPrograms, async (ctx) => {
    ctx.state.route = '/shared/{shareId}/manifest.json';
    const grant = granted(await authorisation(ctx));
    const document = manifestDocument(deps.database.em.fork(), grant, fileName(grant));
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = Readable.from(document);
  });

  router.get('/shared/:shareId/package', forPrograms, async (ctx) => {
    ctx.state.route = '/shared/{shareId}/package';
    await sendPackage(ctx);
  });

  // `curl -O` saves under the last name of the address.
  router.get('/shared/:shareId/package/:fileName', forPrograms, async (ctx) => {
    ctx.state.route = '/shared/{shareId}/package/{fileName}';
    await sendPackage(ctx, ctx.params.fileName);
  });

  async function sendPackage(ctx: Context, name?: string): Promise<void> {
    const authorisedAt = performance.now();
    const authorised = await authorisation(ctx);
    if (authorised.type === 'dead') await refuse(ctx, authorised.session, authorised.state);
    const grant = granted(authorised);
    if (name !== undefined && name !== fileName(grant)) throw new NoticeError('unknown');
    const dead = await deps.packages.send(ctx, grant, authorisedAt, sourceOf(ctx));
    if (dead !== null) await refuse(ctx, grant, dead);
  }

  async function authorisation(ctx: Context): Promise<Authorisation> {
    const shareId = ctx.params.shareId ?? '';
    if (!UUID.test(shareId)) throw new NoticeError('unknown');
    const id = shareId as ShareId;
    return authorise(deps.database.em.fork(), id, heldSecret(ctx, deps.config, `share-${id}`));
  }

  async function refuse(ctx: Context, session: KnownSession, state: DeadState): Promise<never> {
    const once = `${session.sessionId} ${state}`;
    if ((await recordedRefusals.take(once)) === null) {
      const actor = sessionActor(session.sessionId, session.organizationId);
      try {
        await act(deps, { actor, source: sourceOf(ctx) }, async (acting) =>
          recordRefusedDownload(acting, session, state),
        );
      } catch (error) {
        await recordedRefusals.giveBack(once);
        throw error;
      }
    }
    throw new NoticeError(state);
  }
}

function granted(authorised: Authorisation): DownloadGrant {
  switch (authorised.type) {
    case 'granted':
      return authorised.grant;
    case 'unknown':
      throw new NoticeError('no_session');
    case 'dead':
      throw new NoticeError(authorised.state);
    default:
      return authorised satisfies never;
  }
}

/** The name at the end of the package's address: safe in a shell as it stands. */
function fileName(grant: DownloadGrant): string {
  return asciiName(packageName(grant), PACKAGE_STEM);
}

/** Position of the first file on the page that `?page=` asks for; the nearest where there is none. */
function firstOf(ctx: Context, fileCount: number): number {
  const asked = Number(ctx.query.page ?? 1);
  const last = Math.max(1, Math.ceil(fileCount / PAGE_SIZE));
  const page = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), last) : 1;
  return (page - 1) * PAGE_SIZE;
}
