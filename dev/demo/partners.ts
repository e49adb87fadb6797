import type { DemoApi } from './api.ts';

const BOTH = { maySendTo: true, mayReceiveFrom: true };

/** Makes two organizations partners in both directions, unless they are. */
export async function makePartners(ours: DemoApi, theirs: DemoApi, slug: string): Promise<void> {
  const { data } = await ours.get('/partners');
  if (data.some((partner) => partner.organization?.slug === slug)) return;
  const { id } = await ours.post('/partners', { organizationSlug: slug, ...BOTH });
  await theirs.post(`/partners/${id}/accept`, BOTH);
}
