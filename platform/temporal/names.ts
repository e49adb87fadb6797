/**
 * What this side of Temporal and that side call the same things: workflow code imports this file, and
 * so does whoever starts, signals and serves it. Pure.
 */

/** The signal that says: facts have changed, plan anew. It carries nothing. */
export const POKE = 'poke';

/** Attributes that operators filter by in the Temporal UI, with the types that the server gives them. */
export const SEARCH_ATTRIBUTE_TYPES = {
  Kind: 'KEYWORD',
  State: 'KEYWORD',
  OrganizationId: 'KEYWORD',
  CaseId: 'KEYWORD',
  WaitingFor: 'KEYWORD',
  NextDeadline: 'DATETIME',
  Attention: 'KEYWORD',
  Progress: 'INT',
} as const;

/**
 * The three task queues: `lifecycle` for many short activities and all workflows, `mail` for a few
 * that may hang, `bytes` for few and heavy ones.
 */
const TASK_QUEUES = ['lifecycle', 'mail', 'bytes'] as const;
export type TaskQueue = (typeof TASK_QUEUES)[number];

/** The name of a queue in Temporal. */
export function taskQueueName(prefix: string, queue: TaskQueue): string {
  return `${prefix}-${queue}`;
}

/** The queue beside a workflow's own: `casebridge-lifecycle` gives `casebridge-bytes`. */
export function taskQueueBeside(lifecycleQueue: string, queue: TaskQueue): string {
  return taskQueueName(lifecycleQueue.slice(0, -'-lifecycle'.length), queue);
}

/** The workflow type of a kind of life: `download-link` is run by `downloadLink`. */
export function workflowTypeOf(kind: string): string {
  return kind.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
