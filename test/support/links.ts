import { act } from '../../domain/act.ts';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { ShareId } from '../../domain/ids.ts';
import {
  createDownloadLink,
  type DownloadLinkChoice,
} from '../../domain/sharing/download-link/create-download-link.ts';
import { hashPassphrase } from '../../domain/sharing/download-link/passphrase.ts';
import type { TestApi } from './api.ts';
import { buildCase, buildEvidence, buildUser, staffOf } from './factories.ts';

/** A download link as a test uses it. */
export interface TestLink {
  readonly shareId: ShareId;
  readonly caseId: Case['id'];
  readonly owner: User;
  /** `/s/` and the token. */
  readonly path: string;
  readonly token: string;
  readonly size: number;
  readonly etag: string;
}

/** A link over a new case with these files: its name and its content each. */
export async function buildLink(
  api: TestApi,
  options: {
    readonly files?: Readonly<Record<string, Buffer>>;
    readonly passphrase?: string;
    readonly owner?: User;
    readonly caseFields?: { readonly caseNumber?: string; readonly title?: string };
  } & Partial<Omit<DownloadLinkChoice, 'passphraseHash'>> = {},
): Promise<TestLink> {
  const {
    files = { 'cam3.mp4': Buffer.from('evidence') },
    passphrase,
    caseFields,
    ...choice
  } = options;
  const owner = options.owner ?? (await buildUser(api));
  const inCase = await buildCase(api, { owner, ...caseFields });
  for (const [fileName, content] of Object.entries(files)) {
    await buildEvidence(api, { owner, inCase, content, fields: { fileName } });
  }
  const staff = await staffOf(api, owner);
  const { share, token } = await act(api, { actor: staff.actor }, async (acting) =>
    createDownloadLink(acting, staff, api.config.LINK_KEYS, inCase.id, {
      format: 'zip',
      scope: { type: 'entire_case' },
      passphraseHash: passphrase === undefined ? null : await hashPassphrase(passphrase),
      downloadLimit: null,
      notifyOnFirstDownload: false,
      ...choice,
    }),
  );
  return {
    shareId: share.id,
    caseId: inCase.id,
    owner,
    path: `/s/${token}`,
    token,
    size: share.packageSize ?? 0,
    etag: share.packageEtag ?? '',
  };
}

/** Opens a link of any kind as a browser does; gives the cookie to send. */
export async function openLink(
  api: Pick<TestApi, 'origin'>,
  link: Pick<TestLink, 'path'>,
  passphrase?: string,
) {
  const response = await fetch(`${api.origin}${link.path}`, {
    method: 'POST',
    redirect: 'manual',
    ...(passphrase === undefined ? {} : { body: new URLSearchParams({ passphrase }) }),
  });
  await response.body?.cancel();
  if (response.status !== 303) throw new Error(`the link was not opened: ${response.status}`);
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
}

/** The package of a link as the holder of a cookie gets it. */
export async function fetchPackage(
  api: Pick<TestApi, 'origin'>,
  link: Pick<TestLink, 'shareId'>,
  cookie: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
) {
  const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
    ...init,
    headers: { Cookie: cookie, ...init.headers },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

/** What there is of a table that a test compares before and after. */
export async function snapshot(api: TestApi): Promise<unknown> {
  const [row] = await api.database.em.fork().execute(
    `select (select json_agg(s order by s.id) from shares s) as shares,
            (select json_agg(d order by d.id) from download_sessions d) as sessions,
            (select json_agg(l order by l.workflow_id) from lifecycles l) as lives,
            (select count(*) from notifications) as mails, (select count(*) from rate_limits) as limits,
            (select count(*) from audit_events) as events`,
  );
  return row;
}

/** The audit of a share, oldest first: action, outcome and reason. */
export async function shareEvents(
  api: TestApi,
  shareId: ShareId,
): Promise<
  { action: string; outcome: string; reason: string | null; data: Record<string, unknown> }[]
> {
  const rows = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      'select content from audit_events where objects @> array[?::uuid] order by organization_id, sequence',
      [shareId],
    );
  return rows.map(({ content }) => {
    const { action, outcome, reason, data } = JSON.parse(content);
    return { action, outcome, reason, data };
  });
}

/** How downloads of a share ended, oldest first. */
export async function downloadEnds(api: TestApi, shareId: ShareId) {
  const events = await shareEvents(api, shareId);
  return events.filter(({ action }) => action === 'share.download_ended');
}
