import type { Api } from './api.ts';
import { caseList, evidenceList, madeCase } from './contract.ts';
import { ImportError } from './import-error.ts';

/** The case to load into, and a sentence that says where it came from. */
export interface TargetCase {
  readonly id: string;
  readonly said: string;
}

/**
 * The case with this number; of several the newest, since numbers are not unique; or a new one.
 * @throws ImportError where one would have to be made and has no title
 */
export async function targetCase(
  api: Api,
  caseNumber: string,
  title: string | undefined,
): Promise<TargetCase> {
  const found = await casesWith(api, caseNumber);
  const [newest] = found;
  if (newest !== undefined) {
    const several = found.length === 1 ? '' : `, the newest of ${found.length} with this number`;
    return { id: newest.id, said: `Loading into case ${caseNumber}, “${newest.title}”${several}.` };
  }
  if (title === undefined) {
    throw new ImportError(`There is no case ${caseNumber} yet. Give it a title: --title TITLE.`);
  }
  const { id } = await api.create('/cases', { caseNumber, title }, madeCase);
  return { id, said: `Made case ${caseNumber}, “${title}”.` };
}

async function casesWith(api: Api, caseNumber: string) {
  const found: { id: string; title: string }[] = [];
  const query = encodeURIComponent(caseNumber);
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: typeof caseList._output = await api.get(
      `/cases?limit=500&query=${query}${cursor}`,
      caseList,
    );
    found.push(...page.data.filter((one) => one.caseNumber === caseNumber));
    cursor = page.page.next === null ? null : `&cursor=${page.page.next}`;
  }
  return found;
}

/** Evidence that a case has, by what an import asks of it. */
export interface CaseContent {
  /** SHA-256 of all that is verified. */
  readonly hashes: ReadonlySet<string>;
}

/** Reads what is in a case, so that it is not sent again. */
export async function readCase(api: Api, caseId: string): Promise<CaseContent> {
  const hashes = new Set<string>();
  for await (const { file } of evidenceOf(api, caseId, '')) {
    if (file.sha256 !== null) hashes.add(file.sha256);
  }
  return { hashes };
}

/** The ids of a case's evidence that is being verified. */
export async function readVerifying(api: Api, caseId: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { id } of evidenceOf(api, caseId, '&status=verifying')) ids.add(id);
  return ids;
}

async function* evidenceOf(api: Api, caseId: string, filter: string) {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: typeof evidenceList._output = await api.get(
      `/cases/${caseId}/evidence?limit=500${filter}${cursor}`,
      evidenceList,
    );
    yield* page.data;
    cursor = page.page.next === null ? null : `&cursor=${page.page.next}`;
  }
}
