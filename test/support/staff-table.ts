/** Every route of the staff API, with what the tests of its borders send to it. */
import type { Ids } from './border-world.ts';
import { unique } from './factories.ts';

const directions = { maySendTo: true, mayReceiveFrom: true };
const link = { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } };
const NOTHING = {};

/** What a route is, and a body that is valid: made of ids, its own or another's. */
export interface StaffRow {
  /**
   * `by id`: it says or does something to what its path names; `lists`: it says what the asker has; `names`:
   * its body names something; `own`: it says or makes what is the asker's, and names nothing else.
   */
  readonly is: 'by id' | 'lists' | 'names' | 'own';
  readonly body?: (ids: Ids) => unknown;
}

/** By verb and path. */
export const STAFF_TABLE: Readonly<Record<string, StaffRow>> = {
  'GET /cases': { is: 'lists' },
  'GET /cases/export.csv': { is: 'lists' },
  'GET /cases/{caseId}': { is: 'by id' },
  'POST /cases': { is: 'own', body: () => ({ caseNumber: unique('c'), title: 'A case' }) },
  'PATCH /cases/{caseId}': { is: 'by id', body: () => ({ title: 'Taken over' }) },
  'GET /cases/{caseId}/evidence': { is: 'by id' },
  'GET /cases/{caseId}/evidence/export.csv': { is: 'by id' },
  'POST /cases/{caseId}/evidence/seen': { is: 'by id', body: () => NOTHING },
  'PUT /cases/{caseId}/evidence/{evidenceId}': { is: 'by id' },
  'DELETE /cases/{caseId}/evidence/{evidenceId}': { is: 'by id' },
  'POST /evidence/uploads': {
    is: 'names',
    body: ({ caseId }) => ({ fileName: 'a.mp4', size: 1, caseId }),
  },
  'POST /evidence/uploads/{uploadId}/part-urls': {
    is: 'by id',
    body: () => ({ partNumbers: [1] }),
  },
  'GET /evidence/uploads/{uploadId}': { is: 'by id' },
  'POST /evidence/uploads/{uploadId}/complete': { is: 'by id', body: () => NOTHING },
  'DELETE /evidence/uploads/{uploadId}': { is: 'by id' },
  'GET /evidence/{evidenceId}': { is: 'by id' },
  'PATCH /evidence/{evidenceId}': { is: 'by id', body: () => ({ title: 'Taken over' }) },
  'POST /evidence/{evidenceId}/notes': { is: 'by id', body: () => ({ text: 'A note' }) },
  'POST /evidence/{evidenceId}/markers': {
    is: 'by id',
    body: () => ({ kind: 'manual', atSeconds: 1, text: 'A marker' }),
  },
  'GET /evidence/{evidenceId}/content': { is: 'by id' },
  'GET /evidence/{evidenceId}/preview': { is: 'by id' },
  'GET /evidence/{evidenceId}/attachments/{attachmentId}': { is: 'by id' },
  'POST /cases/{caseId}/shares': { is: 'by id', body: () => link },
  'GET /cases/{caseId}/shares': { is: 'by id' },
  'GET /shares/{shareId}': { is: 'by id' },
  'PATCH /shares/{shareId}': { is: 'by id', body: () => ({ durationDays: 5 }) },
  'POST /shares/{shareId}/revoke': { is: 'by id', body: () => NOTHING },
  'POST /shares/{shareId}/reshare': { is: 'by id', body: () => NOTHING },
  'GET /trusted-users': { is: 'lists' },
  'POST /trusted-users': { is: 'own', body: () => ({ email: `${unique('t')}@example.test` }) },
  'DELETE /trusted-users/{trustedUserId}': { is: 'by id' },
  'POST /cases/{caseId}/upload-requests': {
    is: 'by id',
    body: ({ trustedUserId }) => ({ trustedUserId, fields: [] }),
  },
  'GET /cases/{caseId}/upload-requests': { is: 'by id' },
  'GET /upload-requests/{uploadRequestId}': { is: 'by id' },
  'PATCH /upload-requests/{uploadRequestId}': { is: 'by id', body: () => ({ durationDays: 5 }) },
  'POST /upload-requests/{uploadRequestId}/request-more': {
    is: 'by id',
    body: () => ({ fields: [] }),
  },
  'POST /upload-requests/{uploadRequestId}/resend': { is: 'by id', body: () => NOTHING },
  'POST /upload-requests/{uploadRequestId}/close': { is: 'by id', body: () => NOTHING },
  'GET /upload-requests/{uploadRequestId}/activity-log': { is: 'by id' },
  'GET /upload-requests/{uploadRequestId}/activity-log.csv': { is: 'by id' },
  'GET /upload-requests/{uploadRequestId}/activity-log.pdf': { is: 'by id' },
  'POST /shares/{shareId}/updates': { is: 'by id', body: () => NOTHING },
  'GET /shares/{shareId}/updates': { is: 'by id' },
  'POST /shares/{shareId}/cancel': { is: 'by id', body: () => NOTHING },
  'GET /shared-with-me': { is: 'lists' },
  'GET /shared-with-me/{shareId}': { is: 'by id' },
  'GET /shared-with-me/{shareId}/evidence': { is: 'by id' },
  'GET /shared-with-me/{shareId}/evidence/{evidenceId}': { is: 'by id' },
  'GET /shared-with-me/{shareId}/evidence/{evidenceId}/preview': { is: 'by id' },
  'GET /shared-with-me/{shareId}/evidence/{evidenceId}/content': { is: 'by id' },
  'GET /organization': { is: 'own' },
  'PATCH /organization': { is: 'own', body: () => ({ name: 'Renamed' }) },
  'GET /users': { is: 'lists' },
  'POST /users': {
    is: 'names',
    body: ({ roleId }) => ({ email: `${unique('u')}@example.test`, name: 'A', roles: [roleId] }),
  },
  'GET /users/{userId}': { is: 'by id' },
  'PATCH /users/{userId}': { is: 'by id', body: () => ({ name: 'Renamed' }) },
  'DELETE /users/{userId}': { is: 'by id' },
  'GET /groups': { is: 'lists' },
  'POST /groups': {
    is: 'names',
    body: ({ userId }) => ({ name: unique('g'), members: [userId] }),
  },
  'GET /groups/{groupId}': { is: 'by id' },
  'PATCH /groups/{groupId}': { is: 'by id', body: () => ({ name: unique('g') }) },
  'DELETE /groups/{groupId}': { is: 'by id' },
  'GET /roles': { is: 'lists' },
  'POST /roles': { is: 'own', body: () => ({ name: unique('r'), permissions: {} }) },
  'GET /roles/{roleId}': { is: 'by id' },
  'PATCH /roles/{roleId}': { is: 'by id', body: () => ({ name: unique('r') }) },
  'DELETE /roles/{roleId}': { is: 'by id' },
  'GET /retention-categories': { is: 'lists' },
  'POST /retention-categories': { is: 'own', body: () => ({ name: unique('k') }) },
  'GET /retention-categories/{categoryId}': { is: 'by id' },
  'PATCH /retention-categories/{categoryId}': { is: 'by id', body: () => ({ name: unique('k') }) },
  'DELETE /retention-categories/{categoryId}': { is: 'by id' },
  'GET /partners': { is: 'lists' },
  'POST /partners': {
    is: 'own',
    body: () => ({ organizationSlug: unique('nobody'), ...directions }),
  },
  'GET /partners/{partnerId}': { is: 'by id' },
  'GET /partners/{partnerId}/recipients': { is: 'by id' },
  'POST /partners/{partnerId}/accept': { is: 'by id', body: () => directions },
  'PATCH /partners/{partnerId}': { is: 'by id', body: () => ({ maySendTo: false }) },
  'DELETE /partners/{partnerId}': { is: 'by id' },
  'GET /cases/{caseId}/audit': { is: 'by id' },
  'GET /cases/{caseId}/audit.csv': { is: 'by id' },
  'GET /cases/{caseId}/audit.pdf': { is: 'by id' },
  'GET /evidence/{evidenceId}/audit': { is: 'by id' },
  'GET /evidence/{evidenceId}/audit.csv': { is: 'by id' },
  'GET /evidence/{evidenceId}/audit.pdf': { is: 'by id' },
  'GET /shares/{shareId}/activity': { is: 'by id' },
};
