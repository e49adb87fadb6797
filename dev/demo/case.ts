import type { DemoApi } from './api.ts';
import { DEMO_FILES } from './files.ts';

/** The demo's case, found again by its number. */
const CASE = {
  caseNumber: '2026-0142',
  title: 'Break-in at the harbour warehouse',
  description: 'A case to try things with. Everything in it was made up by this program.',
  tags: ['demo'],
  policeNumber: 'NPD-26-1187',
  courtNumber: 'CR-2026-88',
};

/** The case with its evidence, uploaded as a client would; and an empty one beside it. */
export async function makeCase(api: DemoApi, log: (line: string) => void): Promise<string> {
  const { data } = await api.get(`/cases?query=${CASE.caseNumber}`);
  const [found] = data;
  if (found !== undefined) return found.id;
  const { id } = await api.post('/cases', CASE);
  for (const file of DEMO_FILES) {
    log(`  uploads ${file.name}`);
    await api.upload(id, file);
  }
  await api.post('/cases', { caseNumber: '2026-0143', title: 'An empty case' });
  return id;
}
