import type { UploadRequestId } from '../../domain/ids.ts';
import { requestToken } from '../../domain/requests/request-links.ts';
import type { SharedDemo } from './shares.ts';

/** Whoever is asked for evidence: a shop beside the warehouse. */
const TRUSTED_USER = { email: 'manager@corner-shop.example', name: 'Corner shop, manager' };

/** The link of an open upload request, as the trusted user was mailed it; undefined where it is dead. */
export async function demoUploadRequestLink(demo: SharedDemo): Promise<string | undefined> {
  const { data } = await demo.api.get(`/cases/${demo.caseId}/upload-requests`);
  const open = data.find((request) => request.state !== 'closed');
  const id = open?.id ?? (await makeRequest(demo));
  const em = demo.database.em.fork();
  const [request] = await em.execute<{ link_generation: number }[]>(
    'select link_generation from upload_requests where id = ?',
    [id],
  );
  const token = await requestToken(
    em,
    demo.config.LINK_KEYS,
    id as UploadRequestId,
    request?.link_generation ?? 1,
  );
  return token === null ? undefined : `${demo.config.CASEBRIDGE_PUBLIC_URL}/u/${token}`;
}

async function makeRequest({ api, caseId }: SharedDemo): Promise<string> {
  const known = await api.get('/trusted-users');
  const trustedUser = known.data[0] ?? (await api.post('/trusted-users', TRUSTED_USER));
  const { id } = await api.post(`/cases/${caseId}/upload-requests`, {
    trustedUserId: trustedUser.id,
    fields: ['police_number', 'court_number'],
    note: 'Please send what your camera at the gate recorded on the evening of 1 March.',
  });
  return id;
}
