/**
 * What operators read in the Temporal UI of lives and of their long work. Texts only, and nothing
 * personal: workflow code imports this file, and Temporal keeps 400 bytes of each.
 */
import type { LifeKind, WorkName } from './life.ts';

/** What each kind of life is and does. */
export const LIVES_DESCRIBED: Readonly<Record<LifeKind, string>> = {
  'download-link':
    'A download link: becomes active when its evidence is verified, warns before it expires, records expiry.',
  'evidence-intake':
    'The intake of a case, an upload request or an invite: reads back what was uploaded, removes what was refused.',
  'upload-request':
    'An upload request: invites, reminds, records expiry, tells the sender of verified files.',
  'partner-access':
    'Partner access: invites recipients, warns before it expires, tells whoever loses it.',
  'case-copy':
    'A copy of a case: copies and proves its files, then gives the partner all of them at once, or removes them.',
  retention:
    "An organization's retention: queues evidence that is due, destroys it later, compares the store with the rows.",
  'api-client': 'An API client: tells the administrators of each change of it.',
  portal: 'A portal: tells its owner of what was handed in, records expiry.',
  'portal-invite':
    'An invite to a portal: invites, reminds, records expiry, removes what was never handed in.',
  reconciliation:
    'The reconciliation of the installation: compares rows, workflows and stored objects, starts again what was lost.',
};

/** What each kind of long work does: the summary of its activities. */
export const WORK_DESCRIBED: Readonly<Record<WorkName, string>> = {
  mail: 'send the mail that is due',
  verify: 'read back what was uploaded and hash it',
  tidy: 'remove from the store what nobody was given',
  copy: 'copy files and read the copies back',
  recalculate: 'work out anew when evidence is queued for deletion',
  look: 'look at the evidence that is due',
  destroy: 'destroy what was queued for deletion',
  inventory: 'compare the store with the rows',
  reconcile: 'compare rows, workflows and stored objects',
};

/** Where the API shows the entity that a workflow's id names, for lives whose entity has an address. */
const ADDRESSES: Readonly<Partial<Record<LifeKind, string>>> = {
  'download-link': 'shares',
  'partner-access': 'shares',
  'case-copy': 'shares',
  'upload-request': 'upload-requests',
  'api-client': 'api-clients',
  portal: 'portals',
};

/** What is kept with a workflow from its start, for when no worker runs that could be asked. */
export function detailsAtStart(kind: LifeKind, entityId: string): string {
  const resource = ADDRESSES[kind];
  const facts =
    resource === undefined
      ? 'Its facts are in PostgreSQL.'
      : `Its facts: \`GET /api/v1/${resource}/${entityId}\`.`;
  return `${LIVES_DESCRIBED[kind]}\n\n${facts}`;
}
