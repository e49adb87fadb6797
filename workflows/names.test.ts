import { LIFE_KINDS } from '../domain/lifecycle/life.ts';
import { taskQueueBeside, taskQueueName, workflowTypeOf } from '../platform/temporal/names.ts';
import * as workflows from './index.ts';

test('every kind of life has the workflow that is started for it, and there is no other', () => {
  expect(Object.keys(workflows).toSorted()).toEqual(LIFE_KINDS.map(workflowTypeOf).toSorted());
});

test('a workflow finds the queues beside its own', () => {
  const own = taskQueueName('some-prefix', 'lifecycle');
  expect(taskQueueBeside(own, 'bytes')).toBe(taskQueueName('some-prefix', 'bytes'));
});
