/** `/access`: what partners give access to, for whoever is signed in and is given it. */
import type Router from '@koa/router';
import type { Staff } from '../../../domain/identity/staff.ts';
import { type EvidenceId, type ShareId, UUID } from '../../../domain/ids.ts';
import { hasAccepted } from '../../../domain/sharing/partner-access/sensitive-acceptance.ts';
import type { ApiDeps } from '../../deps.ts';
import {
  readReceivedEvidence,
  readReceivedEvidencePage,
  readReceivedShare,
  readReceivedShares,
} from '../../routes/shared-with-me/presenter.ts';
import { publicAnswers, sendPage } from '../answers.ts';
import { accessEvidencePage } from './access-evidence-page.ts';
import { accessListPage } from './access-list-page.ts';
import { accessPage, type PageReader } from './access-page.ts';
import { asKnown, idIn, signedIn } from './access-reader.ts';

/** Cases, and pieces of evidence, on a page. */
const PAGE_SIZE = 50;

export function accessRoutes(router: Router, deps: ApiDeps): void {
  const answers = publicAnswers(deps.logger, 'html');

  router.get('/access', answers, async (ctx) => {
    ctx.state.route = '/access';
    const { user } = await signedIn(ctx, deps, null);
    const cursor = cursorIn(ctx.query.cursor);
    const { data, page } = await readReceivedShares(deps.database.em.fork(), user, {
      limit: PAGE_SIZE,
      cursor,
    });
    sendPage(ctx, 200, (language) =>
      accessListPage(language, {
        shares: data,
        reader: shown(user),
        total: page.total,
        first: cursor === undefined,
        next: page.next,
        now: new Date(),
      }),
    );
  });

  router.get('/access/:shareId', answers, async (ctx) => {
    ctx.state.route = '/access/{shareId}';
    const shareId = idIn<ShareId>(ctx.params.shareId);
    const session = await signedIn(ctx, deps, shareId);
    const { user } = session;
    await asKnown(deps, session, shareId, async () => {
      const em = deps.database.em.fork();
      const cursor = cursorIn(ctx.query.cursor);
      const share = await readReceivedShare(em, user, shareId);
      const { data, page } = await readReceivedEvidencePage(em, user, shareId, {
        limit: PAGE_SIZE,
        cursor,
      });
      sendPage(ctx, 200, (language) =>
        accessPage(language, {
          share,
          reader: shown(user),
          evidence: data,
          total: page.total,
          first: cursor === undefined,
          next: page.next,
          now: new Date(),
        }),
      );
    });
  });

  router.get('/access/:shareId/evidence/:evidenceId', answers, async (ctx) => {
    ctx.state.route = '/access/{shareId}/evidence/{evidenceId}';
    const shareId = idIn<ShareId>(ctx.params.shareId);
    const evidenceId = idIn<EvidenceId>(ctx.params.evidenceId);
    const session = await signedIn(ctx, deps, shareId);
    const { user } = session;
    await asKnown(deps, session, shareId, async () => {
      const em = deps.database.em.fork();
      const share = await readReceivedShare(em, user, shareId);
      const evidence = await readReceivedEvidence(em, user, shareId, evidenceId);
      const accepted = await hasAccepted(em, session.id, evidenceId);
      sendPage(ctx, 200, (language) =>
        accessEvidencePage(language, { share, evidence, reader: shown(user), accepted }),
      );
    });
  });
}

function shown(user: Staff): PageReader {
  return { email: user.email, timeZone: user.organization.timeZone };
}

/** What is no cursor of ours leads to the first page. */
function cursorIn(cursor: unknown): string | undefined {
  if (typeof cursor !== 'string') return undefined;
  return UUID.test(Buffer.from(cursor, 'base64url').toString('utf8')) ? cursor : undefined;
}
