/**
 * The three task queues: `lifecycle` for many short activities and all workflows, `mail` for a few
 * that may hang, `bytes` for few and heavy ones. Imported by workflow code.
 */
export const TASK_QUEUES = ['lifecycle', 'mail', 'bytes'] as const;
export type TaskQueue = (typeof TASK_QUEUES)[number];

/** The name of a queue in Temporal. */
export function taskQueueName(prefix: string, queue: TaskQueue): string {
  return `${prefix}-${queue}`;
}
