import { releaseEvidence } from '../../../domain/evidence/intake/release.ts';
import { type Route, route } from '../../route.ts';
import { readEvidence } from './presenter.ts';
import { evidenceParams, evidenceRelease, evidenceView } from './schema.ts';

/** Letting evidence out of quarantine. */
export const releaseRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/evidence/{evidenceId}/release',
      tag: 'Evidence',
      summary: 'Release evidence from quarantine',
      description:
        'Whoever may triage evidence says why it may be opened although the malware scanner did not let it through. The verdict and the reason stay with it.',
      params: evidenceParams,
      body: evidenceRelease,
      answers: { 200: { description: 'The evidence as it is now', body: evidenceView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, body, command }) =>
      command(async (act) => {
        const released = await releaseEvidence(act, staff, params.evidenceId, body.reason);
        await act.em.flush();
        return {
          status: 200,
          version: released.version,
          body: await readEvidence(act.em, released.id),
        };
      }),
  ),
];
