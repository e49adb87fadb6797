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
import { demoInvite, demoPublicPortal } from './demo/portals.ts';
import { demoUploadRequestLink } from './demo/requests.ts';
import { demoAccessLink, demoCopy, demoCopyLink, demoDownloadLink } from './demo/shares.ts';
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
    const neighbour = await demoApi(apiOrigin, NEIGHBOUR.administrator);
    await makePartners(api, neighbour, NEIGHBOUR.slug);
    const prosecutor = await demoApi(apiOrigin, PROSECUTOR.administrator);
    await makePartners(api, prosecutor, PROSECUTOR.slug);
    const caseId = await makeCase(api, log);
    const demo = { api, caseId, database, config };
    const partner = ({ slug, investigator }: typeof POLICE) => ({
      id: identities.organizations.find((found) => found.slug === slug)?.id as OrganizationId,
      recipient: investigator,
    });
    // Copies are on their way while the rest is made.
    await demoCopy(demo, partner(NEIGHBOUR));
    await demoCopy(demo, partner(PROSECUTOR));
    const download = await demoDownloadLink(demo);
    const message = 'For the investigation on your side of the river.';
    const partnerAccess = await demoAccessLink(demo, partner(NEIGHBOUR), message);
    const copy = await demoCopyLink(demo, neighbour, partner(POLICE));
    const uploadRequest = await demoUploadRequestLink(demo);
    const publicPortal = await demoPublicPortal(demo, POLICE.slug);
    const invite = await demoInvite(demo);
    return {
      ...identities,
      links: { download, partnerAccess, copy, uploadRequest, invite, publicPortal },
    };
  } finally {
    await database.close();
  }
}
