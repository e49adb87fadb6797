import { spawnSync } from 'node:child_process';
import { invalid } from '../domain/errors.ts';
import { User } from '../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { buildUser } from '../test/support/factories.ts';
import { describeError } from './error-description.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('a taken address is not in what is said of the violation, and the constraint is', async () => {
  const user = await buildUser(api);
  const error = await errorOf(async () => {
    const em = api.database.em.fork();
    const other = await em.findOneOrFail(User, { id: (await buildUser(api)).id });
    other.email = user.email;
    await em.flush();
  });
  expect(JSON.stringify([error, String(error)])).toContain(user.email);
  const described = describeError(error);
  expect(JSON.stringify(described)).not.toContain(user.email);
  expect(described).toMatchObject({
    type: 'UniqueConstraintViolationException',
    code: '23505',
    constraint: expect.stringContaining('users'),
    table: 'users',
  });
});

test('parameters of a statement that failed are not said', async () => {
  const error = await errorOf(async () =>
    api.database.em.fork().execute('select ?::uuid', ['Victim Name']),
  );
  expect(JSON.stringify([error, String(error)])).toContain('Victim Name');
  const described = JSON.stringify(describeError(error));
  expect(described).not.toContain('Victim Name');
  expect(described).toContain('22P02');
});

test('text that is no JSON is not said, though the error of it is thrown in our source', async () => {
  const error = await errorOf(() => JSON.parse('Victim Name') as unknown);
  expect(JSON.stringify(describeError(error))).not.toContain('Victim');
});

test('our own errors keep their message, their cause and where they were thrown', () => {
  const error = new Error('it broke', { cause: invalid() });
  expect(describeError(error)).toMatchObject({
    type: 'Error',
    message: 'it broke',
    stack: expect.stringContaining('platform/error-description.test.ts'),
    cause: { type: 'DomainError', code: 'validation-failed' },
  });
  expect(describeError(new AggregateError([error], 'both'))).toMatchObject({
    errors: [{ message: 'it broke' }],
  });
});

test('what is no error, and errors that are their own cause, are described too', () => {
  const error = new Error('round');
  error.cause = error;
  expect(describeError(error).cause?.cause?.message).toBe('round');
  expect(describeError('text')).toEqual({ type: 'string' });
});

test('the log has no parameters of statements, and no details of the database', () => {
  const logging = new URL('./logging.ts', import.meta.url).href;
  const script = `
    import { createLogger } from ${JSON.stringify(logging)};
    try { JSON.parse('Victim Name'); } catch (failure) {
      Object.assign(failure, { code: '23505', detail: 'Key (email)=(victim@example.test)', query: 'insert' });
      createLogger({ level: 'info', process: 'test' }).error({ err: failure }, 'failed');
    }`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toMatchObject({ msg: 'failed', err: { code: '23505' } });
  expect(stdout).not.toMatch(/victim|insert/i);
});
