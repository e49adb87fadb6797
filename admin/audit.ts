import { z } from 'zod';
import { type ChainFault, type ChainHead, verifyChain } from '../domain/audit/verify.ts';
import type { OrganizationId } from '../domain/ids.ts';
import { command, UsageError } from './command.ts';

const FAULTS: Readonly<Record<ChainFault, string>> = {
  missing: 'is missing',
  'does-not-follow': 'does not follow on the event before',
  'text-changed': 'was changed: its text is not what was hashed',
  'columns-changed': 'was changed: its columns say other than its text',
  'other-chain': 'is not the event whose hash was noted',
};

const head = z
  .string()
  .regex(/^[1-9]\d{0,14}:[0-9a-f]{64}$/, 'SEQUENCE:HASH, as this command printed it.')
  .transform((value): ChainHead => {
    const [sequence = '', hash = ''] = value.split(':');
    return { sequence: Number(sequence), hash };
  });

export const auditVerify = command(
  {
    name: 'audit verify',
    summary: 'Verify the audit chains; the exit status is 1 where one is broken',
    flags: {
      organization: { value: 'SLUG', description: 'one organization only' },
      head: {
        value: 'SEQUENCE:HASH',
        description: 'the head that an earlier run printed: shows an end that was cut off',
      },
    },
    input: z.object({ organization: z.string().optional(), head: head.optional() }),
  },
  async ({ organization, head: expected }, { database, print }) => {
    if (expected !== undefined && organization === undefined) {
      throw new UsageError(
        '--head needs --organization: each organization has a chain of its own.',
      );
    }
    const em = (await database()).em.fork();
    const organizations = await em.execute<{ id: OrganizationId; slug: string }[]>(
      `select id, slug from organizations where ?::text is null or slug = ? order by slug`,
      [organization ?? null, organization ?? null],
    );
    if (organizations.length === 0 && organization !== undefined) {
      throw new UsageError(`There is no organization ${organization}.`);
    }
    let sound = true;
    for (const { id, slug } of organizations) {
      const verdict = await verifyChain(em, id, expected ?? null);
      const last = verdict.head === null ? 'none' : `${verdict.head.sequence}:${verdict.head.hash}`;
      print(`${slug}  ${verdict.events} events  head ${last}`);
      if (verdict.fault === null) {
        print('    sound');
      } else {
        sound = false;
        print(`    BROKEN: event ${verdict.fault.sequence} ${FAULTS[verdict.fault.kind]}`);
      }
    }
    return sound ? 0 : 1;
  },
);
