import type { LifeKind, Plan } from '../domain/lifecycle/life.ts';

/** What the Temporal UI shows of a life: what it is, what it waits for, until when, what it did last. */
export function detailsOf(kind: LifeKind, plan: Plan): string {
  const { shown } = plan;
  return [
    `**${kind}** · ${shown.state}`,
    '',
    `- waiting for: ${shown.waitingFor}`,
    `- until: ${shown.nextDeadline ?? 'somebody acts'}`,
    `- running: ${plan.work.length === 0 ? 'nothing' : plan.work.join(', ')}`,
    `- last turn did: ${shown.steps.length === 0 ? 'nothing' : shown.steps.join(', ')}`,
    ...(shown.attention === null ? [] : [`- **needs attention**: ${shown.attention}`]),
  ].join('\n');
}
