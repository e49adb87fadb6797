/** Files of evidence for recipients of partner access: who may have them, and what is recorded. */
import { randomBytes } from 'node:crypto';
import type { Case } from '../../domain/cases/case.entity.ts';
import { endIdleContent } from '../../domain/evidence/content-session.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../domain/sharing/partner-access/partner-access.entity.ts';
import { buildAccess, buildPartnerWithUsers, type TestPartner } from '../../test/support/access.ts';
import { bytesOf, type ContentApi, startContentApi } from '../../test/support/content.ts';
import { buildCase, buildEvidence, buildUser } from '../../test/support/factories.ts';

const CONTENT = randomBytes(100_000);

let api: ContentApi;
let inCase: Case;
let evidence: Evidence;
let partner: TestPartner;
let recipient: User;
let access: PartnerAccess;
beforeAll(async () => {
  api = await startContentApi();
  inCase = await buildCase(api, { owner: api.owner });
  evidence = await buildEvidence(api, { owner: api.owner, inCase, content: CONTENT });
  partner = await buildPartnerWithUsers(api, api.organization, 1);
  recipient = partner.users[0] ?? api.owner;
  access = await buildAccess(api, api.owner, inCase, partner);
});
afterAll(() => api.stop());

interface Asked {
  readonly mode?: 'preview' | 'content';
  readonly as?: User;
  readonly by?: { readonly id: string };
  readonly of?: { readonly id: string };
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask({
  mode = 'content',
  as = recipient,
  by = access,
  of = evidence,
  headers,
}: Asked) {
  return fetch(`${api.origin}/api/v1/shared-with-me/${by.id}/evidence/${of.id}/${mode}`, {
    headers: { Authorization: `Bearer ${await api.token(as)}`, ...headers },
  });
}

async function answerTo(asked: Asked): Promise<[status: number, code: string | undefined]> {
  const response = await ask(asked);
  const bytes = await bytesOf(response);
  return [response.status, response.status < 400 ? undefined : JSON.parse(bytes.toString()).code];
}

const modes = ['preview', 'content'] as const;

describe('a recipient', () => {
  it.each(modes)('has the whole %s, and any range of it', async (mode) => {
    const whole = await ask({ mode });
    expect(whole.status).toBe(200);
    expect((await bytesOf(whole)).equals(CONTENT)).toBe(true);
    const etag = whole.headers.get('ETag') ?? '';
    const headers = { Range: 'bytes=10-19', 'If-Range': etag };
    const part = await ask({ mode, headers });
    expect([part.status, part.headers.get('Content-Range')]).toEqual([206, 'bytes 10-19/100000']);
    expect((await bytesOf(part)).equals(CONTENT.subarray(10, 20))).toBe(true);
    expect(await answerTo({ mode, headers: { 'If-None-Match': etag } })).toEqual([304, undefined]);
    expect(await answerTo({ mode, headers: { Range: 'bytes=100000-' } })).toEqual([
      416,
      'range-not-satisfiable',
    ]);
  });

  it('of access to view has previews, and no download: that is on record at home', async () => {
    const viewing = await buildAccess(api, api.owner, inCase, partner, { access: 'view' });
    expect(await answerTo({ mode: 'preview', by: viewing })).toEqual([200, undefined]);
    expect(await answerTo({ mode: 'content', by: viewing })).toEqual([403, 'permission-missing']);
    const [refusal] = await api.events('access.refused', viewing.id);
    expect(refusal).toMatchObject({
      outcome: 'refused',
      organizationId: partner.organization.id,
      actor: { id: recipient.id },
      data: { missing: ['view_and_download'] },
    });
  });

  it('has nothing that is not shown to it: there is no such evidence', async () => {
    const { owner } = api;
    const elsewhere = await buildEvidence(api, { owner });
    const otherCase = await buildCase(api, { owner });
    const ofOtherCase = await buildEvidence(api, { owner, inCase: otherCase });
    const scope = { type: 'selected', evidenceIds: [evidence.id] } as const;
    const selection = await buildAccess(api, owner, inCase, partner, { scope });
    const added = await buildEvidence(api, { owner, inCase });
    const states = await Promise.all(
      (['queued_for_deletion', 'quarantined', 'triage_pending'] as const).map((state) =>
        buildEvidence(api, { owner, inCase, fields: { state } }),
      ),
    );
    const cases: [string, Asked, number][] = [
      ['evidence of no case', { of: elsewhere }, 404],
      ['evidence of another case', { of: ofOtherCase }, 404],
      ['evidence that was added to an entire case', { of: added }, 200],
      ['evidence that was not selected', { by: selection, of: added }, 404],
      ['evidence that was selected', { by: selection }, 200],
      ...states.map((of): [string, Asked, number] => [`evidence that is ${of.state}`, { of }, 404]),
      ['another share', { by: { id: elsewhere.id } }, 404],
    ];
    for (const mode of modes) {
      for (const [what, asked, status] of cases) {
        expect([mode, what, (await answerTo({ ...asked, mode }))[0]]).toEqual([mode, what, status]);
      }
    }
  });

  it('has nothing once the share has ended', async () => {
    for (const end of ['revoked_at', 'expires_at']) {
      const ended = await buildAccess(api, api.owner, inCase, partner);
      await api.sql(`update shares set ${end} = clock_timestamp() where id = ?`, ended.id);
      for (const mode of modes) {
        expect(await answerTo({ mode, by: ended })).toEqual([404, 'not-found']);
      }
    }
  });
});

describe('nobody else', () => {
  it.each(modes)('has a byte of the %s, nor learns that there is one', async (mode) => {
    const before = await api.sql('select id from content_sessions');
    const others = {
      'a colleague of the recipient': await buildUser(api, { organization: partner.organization }),
      'staff of the source': api.owner,
      'another organization': await buildUser(api),
      'another partner': (await buildPartnerWithUsers(api, api.organization, 1)).users[0],
    };
    for (const [who, as] of Object.entries(others)) {
      const answers = [
        await answerTo({ mode, ...(as && { as }) }),
        await answerTo({ mode, ...(as && { as }), of: { id: access.id } }),
      ];
      expect([who, answers]).toEqual([
        who,
        [
          [404, 'not-found'],
          [404, 'not-found'],
        ],
      ]);
    }
    const path = `/shared-with-me/${access.id}/evidence/${evidence.id}/${mode}`;
    expect((await api.get(path, null)).status).toBe(401);
    expect(await api.sql('select id from content_sessions')).toEqual(before);
  });

  it('of the source’s staff routes lets a recipient in', async () => {
    for (const mode of modes) {
      const { status } = await api.get(`/evidence/${evidence.id}/${mode}`, recipient);
      expect(status).toBe(404);
    }
  });
});

describe('what is recorded of a recipient', () => {
  it('is in the chain of the source: who, what, by which share, and how it ended', async () => {
    const mine = await buildEvidence(api, { owner: api.owner, inCase, content: CONTENT });
    for (const mode of modes) await bytesOf(await ask({ mode, of: mine }));
    await api.deps.streaming.drain();
    const about = {
      organizationId: api.organization.id,
      actor: { kind: 'user', id: recipient.id, organizationId: partner.organization.id },
      objects: [mine.id, access.id, inCase.id],
    };
    for (const what of ['preview', 'download']) {
      expect(await api.events(`evidence.${what}_began`, mine.id)).toMatchObject([
        { ...about, data: { grant: 'partner_access' } },
      ]);
      expect(await api.events(`evidence.${what}_ended`, mine.id)).toMatchObject([
        { ...about, reason: 'complete', outcome: 'done', data: { bytes: CONTENT.length } },
      ]);
    }
  });

  it('is one event for each share and purpose, and abandoned after half an hour', async () => {
    const mine = await buildEvidence(api, { owner: api.owner, inCase, content: CONTENT });
    const again = await buildAccess(api, api.owner, inCase, partner);
    for (const by of [access, again]) {
      for (const mode of modes) {
        for (const Range of ['bytes=0-9', 'bytes=50-59']) {
          await bytesOf(await ask({ mode, by, of: mine, headers: { Range } }));
        }
      }
    }
    await api.deps.streaming.drain();
    expect(await api.events('evidence.preview_began', mine.id)).toHaveLength(2);
    expect(await api.events('evidence.download_began', mine.id)).toHaveLength(2);
    await api.passHalfAnHour(mine.id);
    await endIdleContent(api);
    for (const what of ['preview', 'download']) {
      const ends = await api.events(`evidence.${what}_ended`, mine.id);
      expect(ends).toMatchObject([
        { reason: 'abandoned', actor: { id: recipient.id }, data: { bytes: 20 } },
        { reason: 'abandoned', actor: { id: recipient.id }, data: { bytes: 20 } },
      ]);
      const organizations = ends.map(({ actor }) => actor.organizationId);
      expect(organizations).toEqual([partner.organization.id, partner.organization.id]);
    }
  });
});
