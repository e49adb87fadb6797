import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { newId } from '../domain/ids.ts';
import { StepWithoutEffectError } from '../domain/lifecycle/definition.ts';
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { withoutData } from './without-data.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  const by = { activity: 'turn', workflowId: workflowIdOf('download-link', newId()) };
  return withoutData(api.deps.logger, by, work).catch((error: unknown) => error);
}

test('an error of the database enters no history with the values of a row', async () => {
  const failure = await failureOf(async () =>
    api.database.em.fork().execute('select ?::uuid', ['Victim Name']),
  );
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ nonRetryable: false, message: expect.stringContaining('22P02') });
  expect((failure as Error).cause).toBeUndefined();
  expect([String(failure), (failure as Error).stack, JSON.stringify(failure)].join()).not.toContain(
    'Victim Name',
  );
});

test('our own errors keep their message in the history, several at once the type of the first', async () => {
  const failure = await failureOf(async () => {
    throw new AggregateError([new Error('away')], '2 upload(s) could not be verified now');
  });
  expect(failure).toMatchObject({
    type: 'Error',
    message: '2 upload(s) could not be verified now',
  });
});

test('a step without effect is not tried again: another attempt would change nothing', async () => {
  const failure = await failureOf(async () => {
    throw new StepWithoutEffectError('download-link', 'tell of expiry');
  });
  expect(failure).toMatchObject({ type: 'StepWithoutEffectError', nonRetryable: true });
});

test('a cancelled activity stays cancelled', async () => {
  const cancelled = new CancelledFailure('CANCELLED');
  const failure = await failureOf(async () => {
    throw cancelled;
  });
  expect(failure).toBe(cancelled);
});
