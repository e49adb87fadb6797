import type { OrganizationId } from '../domain/ids.ts';
import { parseConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/database.ts';
import { demoApi } from './demo/api.ts';
import { makeCase } from './demo/case.ts';
import {
  makeOrganizations,
  NEIGHBOUR,
  POLICE,
  PROSECUTOR,
  readIdentities,
} from './demo/organizations.ts';
import { makePartners } from './demo/partners.ts';
import { demoUploadRequestLink } from './demo/requests.ts';
import { demoAccessLink, demoCopy, demoDownloadLink } from './demo/shares.ts';
import type { DemoContext, DemoData } from './stack/demo-data.ts';

/**
 * Loads what there is to try, once: organizations through the operator's commands, everything else
 * through the public API, as any client would. On a later start it finds what is there.
 */
export async function loadDemo({ apiOrigin, environment, log }: DemoContext): Promise<DemoData> {
  const config = parseConfig(environment);
  const database = await openDatabase({ url: config.DATABASE_URL, poolSize: 4 });
  try {
    await makeOrganizations(database);
    const identities = await readIdentities(database);
    const api = await demoApi(apiOrigin, POLICE.administrator);
    for (const partner of [PROSECUTOR, NEIGHBOUR]) {
      const theirs = await demoApi(apiOrigin, partner.administrator);
      await makePartners(api, theirs, partner.slug);
    }
    const caseId = await makeCase(api, log);
    const demo = { api, caseId, database, config };
    const partner = ({ slug, investigator }: typeof POLICE) => ({
      id: identities.organizations.find((found) => found.slug === slug)?.id as OrganizationId,
      recipient: investigator,
    });
    const download = await demoDownloadLink(demo);
    await demoCopy(demo, partner(PROSECUTOR));
    const partnerAccess = await demoAccessLink(demo, partner(NEIGHBOUR));
    const uploadRequest = await demoUploadRequestLink(demo);
    return { ...identities, links: { download, partnerAccess, uploadRequest } };
  } finally {
    await database.close();
  }
}
