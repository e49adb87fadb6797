/** The address of a part lets its holder send that part, while the upload is open, and nothing else. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildGuest, buildRequest, guestSend } from '../../test/support/requests.ts';
import { verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const CONTENT = Buffer.from('the bytes of a camera');

/** An upload whose parts are there, with an address that was given for its part. */
async function sentUpload() {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const id = await guestSend(guest, CONTENT);
  const { body } = await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [1] });
  return { request, guest, id, address: new URL(body.urls[0].url) };
}

/** The address with other parameters, its signature as it was. */
function altered(address: URL, change: (altering: URL) => void): URL {
  const other = new URL(address);
  change(other);
  return other;
}

async function statusOf(address: URL, method: string): Promise<number> {
  const body = method === 'PUT' || method === 'POST' ? 'other bytes' : null;
  const response = await fetch(address, { method, body });
  await response.body?.cancel();
  return response.status;
}

test('by it nothing is read, listed, removed or put elsewhere', async () => {
  const { address } = await sentUpload();
  for (const method of ['GET', 'HEAD', 'DELETE', 'POST']) {
    expect([method, await statusOf(address, method)]).toEqual([method, 403]);
  }
  const bucket = address.pathname.split('/').slice(0, 2).join('/');
  const changes: Readonly<Record<string, (altering: URL) => void>> = {
    'another key': (other) => void (other.pathname += 'x'),
    'another part': (other) => other.searchParams.set('partNumber', '2'),
    'another upload': (other) => other.searchParams.set('uploadId', 'another'),
    'the whole object': (other) => {
      other.searchParams.delete('partNumber');
      other.searchParams.delete('uploadId');
    },
    'the list of the bucket': (other) => void (other.pathname = bucket),
    'a longer life': (other) => other.searchParams.set('X-Amz-Expires', '604800'),
  };
  for (const [what, change] of Object.entries(changes)) {
    for (const method of ['GET', 'PUT']) {
      const status = await statusOf(altered(address, change), method);
      expect([what, method, status]).toEqual([what, method, 403]);
    }
  }
});

test('once the file was checked, it cannot be changed by it, nor read back by its sender', async () => {
  const { request, guest, id, address } = await sentUpload();
  await guest.post(`/uploads/${id}/complete`);
  await verifyNow(api, request.id);
  expect(await statusOf(address, 'PUT')).toBe(404);
  const sha256 = createHash('sha256').update(CONTENT).digest('hex');
  expect((await guest.get(`/uploads/${id}`)).body).toMatchObject({ state: 'verified', sha256 });
  const [evidence] = (await api.get(`/cases/${request.inCase.id}/evidence`, request.sender)).body
    .data;
  const content = await api.get(`/evidence/${evidence.id}/content`, request.sender);
  expect(content.body).toBe(CONTENT.toString());
  for (const path of [`/uploads/${id}/content`, `/uploads/${id}/parts/1`]) {
    expect((await guest.get(path)).status).toBe(404);
  }
  const asGuest = await api.get(`/evidence/${evidence.id}/content`, null, { Cookie: guest.cookie });
  expect(asGuest.status).toBe(401);
  const again = await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [1] });
  expect([again.status, again.body.code]).toEqual([409, 'wrong-state']);
});
