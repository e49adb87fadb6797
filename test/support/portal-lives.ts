/** Lives of portals and invites: what tests wait for, and how they let time pass. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from './eventually.ts';
import type { TestLives } from './lives.ts';
import { buildInvite, type TestInvite, type TestPortal } from './portals.ts';

/** Subjects of the mails to an address, oldest first. */
export function mailsTo(lives: TestLives, address: string): string[] {
  return lives.mail.mails
    .filter((mail) => mail.to?.[0]?.address === address)
    .map((mail) => mail.subject ?? '');
}

/** Waits until a life has planned for all that it was told of. */
export async function planned(lives: TestLives, workflowId: string): Promise<void> {
  await eventually(`${workflowId} to be planned`, async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ planned: boolean }[]>(
        'select planned = wanted as planned from lifecycles where workflow_id = ?',
        [workflowId],
      );
    return row?.planned;
  });
}

/** The workflow id of an invite's life. */
export const inviteLifeOf = ({ id }: Pick<TestInvite, 'id'>) => workflowIdOf('portal-invite', id);

/** The workflow id of a portal's life. */
export const portalLifeOf = ({ id }: Pick<TestPortal, 'id'>) => workflowIdOf('portal', id);

/** An invite whose mail has arrived. */
export async function buildInvited(
  lives: TestLives,
  portal: TestPortal,
  communityMember: object = {},
): Promise<TestInvite> {
  const email = `${crypto.randomUUID()}@example.test`;
  const invite = await buildInvite(lives.api, portal, {
    communityMember: { email, ...communityMember },
  });
  await eventually('the invitation', () => mailsTo(lives, email).length === 1);
  await planned(lives, inviteLifeOf(invite));
  return { ...invite, email };
}

/** Ends a life that a test is done with. */
export async function endLife(lives: TestLives, workflowId: string): Promise<void> {
  await lives.temporal.client.workflow.getHandle(workflowId).terminate();
}
