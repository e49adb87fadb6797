import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { lostItsWorker } from './worker-lost.ts';

function ended(cause: Error): ActivityFailure {
  return new ActivityFailure('ended', 'copyFiles', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'me', cause);
}

test.each([
  [
    'gives no sign of life any more',
    new TimeoutFailure('', undefined, TimeoutType.HEARTBEAT),
    true,
  ],
  [
    'is told to stop',
    ApplicationFailure.create({ message: 'Worker is shutting down', type: 'WorkerShutdown' }),
    true,
  ],
  ['works for too long', new TimeoutFailure('', undefined, TimeoutType.START_TO_CLOSE), false],
  ['says that the store is away', ApplicationFailure.create({ type: 'StoreAway' }), false],
  ['was cancelled', new CancelledFailure('enough'), false],
])('a worker that %s', (_, cause, lost) => {
  expect(lostItsWorker(ended(cause))).toBe(lost);
  expect(lostItsWorker(cause)).toBe(false);
});
