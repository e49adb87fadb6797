import { z } from 'zod';
import { EVIDENCE_STATES } from '../../../domain/evidence/evidence.entity.ts';
import { visibleEvidence } from '../../../domain/evidence/visibility.ts';
import { allOf, type Condition } from '../../../domain/sql.ts';
import { readPage } from '../../list.ts';
import { pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { containsWords, hasValue } from '../../search.ts';
import { line } from '../../validation.ts';
import { EVIDENCE, type EvidenceView } from './presenter.ts';
import { byRetention, retentionFilters } from './retention-filters.ts';
import { evidenceView } from './schema.ts';

const evidenceQuery = z.strictObject({
  query: line(200).optional().describe('words in number, title, description, file name or tags'),
  state: z.enum(EVIDENCE_STATES).exclude(['destroyed']).optional(),
  ...retentionFilters,
  ...paging,
});

/** What was destroyed is in no list, nor what a community member has sent and not handed in yet. */
const LISTED: Condition = {
  sql: `e.state <> 'destroyed'
    and not (e.state = 'verifying' and e.uploaded_by->>'type' = 'community_member')`,
  values: [],
};

/** All evidence that somebody may see, whichever cases it lies in. */
export const evidenceListRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/evidence',
      tag: 'Evidence',
      summary: 'Search evidence',
      description: 'That which the user may view: its own, and what lies in its own cases, or all.',
      query: evidenceQuery,
      answers: { 200: { description: 'Evidence, newest first', body: pageOf(evidenceView) } },
    },
    async ({ deps, staff, query }) => {
      const found = allOf(
        visibleEvidence(staff),
        LISTED,
        hasValue('e.state', query.state),
        byRetention(query, staff),
        containsWords(query.query, [
          'e.evidence_number',
          'e.title',
          'e.description',
          'e.file_name',
          `array_to_string(e.tags, ' ')`,
        ]),
      );
      const em = deps.database.em.fork();
      const body = await readPage<EvidenceView>(em, EVIDENCE, found, query, {
        order: 'newest first',
      });
      return { status: 200, body };
    },
  ),
];
