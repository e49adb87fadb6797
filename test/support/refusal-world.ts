/** Requests to share that are right but for what a test makes wrong, and how their refusals are read. */
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { pointersOf } from './answers.ts';
import { startApi, type TestAnswer, type TestApi } from './api.ts';
import { buildCase, buildEvidence, buildOrganization, buildUser } from './factories.ts';
import { becomePartners, buildSides, type SharingSides } from './sharing-world.ts';

export type Method = 'partner_access' | 'copy' | 'download_link';

/** An organization that nobody knows, with a case, its evidence, and somebody who may do everything. */
export interface Elsewhere {
  readonly organization: Organization;
  readonly owner: User;
  readonly caseId: string;
  readonly evidenceId: string;
}

export interface RefusalWorld extends SharingSides {
  readonly sender: User;
  readonly partnershipId: string;
  readonly caseId: string;
  readonly evidence: {
    readonly sensitive: string;
    readonly plain: string;
    readonly document: string;
  };
  /** Asks to share by a method: the sender, the whole case, the partner's user, where nothing else is said. */
  share(method: Method, fields?: object, as?: User, of?: string): Promise<TestAnswer>;
  elsewhere(fields?: Parameters<typeof buildOrganization>[1]): Promise<Elsewhere>;
  stop(): Promise<void>;
}

/** Starts the API with two partners for a test file. */
export async function startRefusalWorld(): Promise<RefusalWorld> {
  const api = await startApi();
  const sides = await buildSides(api);
  const { sender } = sides.source;
  const partnershipId = await becomePartners(sides);
  const inCase = await buildCase(api, { owner: sender });
  const build = async (fields: object) =>
    (await buildEvidence(api, { owner: sender, inCase, fields })).id;
  return {
    ...sides,
    ...{ sender, partnershipId, caseId: inCase.id },
    evidence: {
      sensitive: await build({ sensitiveContentWarning: true }),
      plain: await build({}),
      document: await build({ contentType: 'application/pdf', fileName: 'report.pdf' }),
    },
    share: async (method, fields = {}, as = sender, of = inCase.id) =>
      api.post(`/cases/${of}/shares`, as, { ...asked(sides, method), ...fields }),
    elsewhere: (fields) => buildElsewhere(api, fields),
    stop: () => api.stop(),
  };
}

function asked({ partner }: SharingSides, method: Method): object {
  const scope = { type: 'entire_case' };
  const to = {
    partnerOrganizationId: partner.organization.id,
    recipients: [{ type: 'user', id: partner.user.id }],
  };
  switch (method) {
    case 'partner_access':
      return { method, scope, ...to, access: 'view' };
    case 'copy':
      return { method, scope, ...to };
    case 'download_link':
      return { method, scope, format: 'zip' };
    default:
      return method satisfies never;
  }
}

async function buildElsewhere(
  api: TestApi,
  fields: Parameters<typeof buildOrganization>[1] = {},
): Promise<Elsewhere> {
  const organization = await buildOrganization(api, fields);
  const owner = await buildUser(api, { organization });
  const inCase = await buildCase(api, { owner });
  const { id } = await buildEvidence(api, { owner, inCase });
  return { organization, owner, caseId: inCase.id, evidenceId: id };
}

/** What a refusal says first. */
export function codeOf({ status, body }: TestAnswer): unknown[] {
  return [status, body.code];
}

/** Where the faults of a request lie that is not valid. */
export function pointers(answer: TestAnswer): string[] {
  expect(codeOf(answer)).toEqual([422, 'validation-failed']);
  return pointersOf(answer);
}
