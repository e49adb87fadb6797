import type { Case } from '../../../domain/cases/case.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { buildAccess, buildPartnerWithUsers } from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { signedInCookie } from '../../../test/support/border-world.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';
import { renderHtml } from '../html.ts';
import { watermarked, watermarkParts, watermarkTrack } from './watermark.ts';

const FULL = {
  recordedAt: '2026-01-02T03:04:05.678Z',
  model: 'Body <3> & more',
  serialNumber: 'X-1',
};

test('a watermark says when and with what it was recorded, as far as that is known', () => {
  expect(watermarkParts(FULL)).toEqual(['2026-01-02T03:04:05Z', 'Body <3> & more', 'X-1']);
  expect(watermarkParts({ ...FULL, recordedAt: null, model: '' })).toEqual(['X-1']);
  expect(watermarkParts({ recordedAt: null, model: null, serialNumber: null })).toEqual([]);
  expect(watermarkParts(null)).toEqual([]);
});

test('it is text on the page and in the track, never markup, and has no line of its own making', () => {
  const parts = watermarkParts({ ...FULL, serialNumber: 'X\n\n00:00.000 --> 00:09.000\u202e' });
  const track = watermarkTrack(parts);
  expect(track).toContain('Body &lt;3&gt; &amp; more');
  expect(track.match(/-->/g)).toHaveLength(1);
  expect(track.trimEnd().split('\n')).toHaveLength(4);
  const page = renderHtml(
    watermarked(parts, { track: '/t', name: 'Watermark' }, () => null as never),
  );
  expect(page).toContain('Body &lt;3&gt; &amp; more');
  expect(page).toContain('[U+202E]');
});

describe('on the page of a video', () => {
  let api: TestApi;
  let owner: User;
  let inCase: Case;
  let cookie: string;
  let path: string;
  beforeAll(async () => {
    api = await startApi();
    const organization = await buildOrganization(api);
    owner = await buildUser(api, { organization });
    inCase = await buildCase(api, { owner });
    const partner = await buildPartnerWithUsers(api, organization, 1);
    cookie = await signedInCookie(api, partner.users[0] as User);
    path = `/access/${(await buildAccess(api, owner, inCase, partner)).id}/evidence`;
  });
  afterAll(() => api.stop());

  const copiedFrom = {
    organization: { id: '01890000-0000-7000-8000-000000000000', name: 'Riverside Police' },
    evidenceNumber: 'E-000007',
    copiedAt: '2026-02-01T00:00:00.000Z',
    watermark: FULL,
  };

  type Fields = NonNullable<Parameters<typeof buildEvidence>[1]>['fields'];

  async function shown(fields: Fields & object) {
    const evidence = await buildEvidence(api, { owner, inCase, fields });
    const ask = (rest: string) =>
      api.get(`!${path}/${evidence.id}${rest}`, null, { Cookie: cookie, Accept: 'text/html' });
    return { page: (await ask('')).body, track: await ask('/watermark.vtt') };
  }

  it('stands over that of a copy, and in a track for the whole screen', async () => {
    const { page, track } = await shown({ copiedFrom });
    expect(page).toMatch(
      /<div class="watermarked"><video [^>]*><track kind="captions" src="[^"]*"/,
    );
    expect(page).toContain('<bdi>2026-01-02T03:04:05Z</bdi> <bdi>Body &lt;3&gt; &amp; more</bdi>');
    expect([track.status, track.headers.get('Content-Type')]).toEqual([
      200,
      'text/vtt; charset=utf-8',
    ]);
    expect(track.body).toContain('2026-01-02T03:04:05Z');
  });

  it('is not drawn over a video of the organization’s own, nor over a picture', async () => {
    for (const fields of [{}, { copiedFrom, contentType: 'image/png' }]) {
      expect((await shown(fields)).page).not.toContain('watermarked');
    }
    expect((await shown({})).track.body).toBe('WEBVTT\n');
  });
});
