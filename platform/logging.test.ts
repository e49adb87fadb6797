import { spawn } from 'node:child_process';
import { once } from 'node:events';

const SCRIPT = `
  import { createLogger } from '${import.meta.dirname}/logging.ts';
  const logger = createLogger({ level: 'info', process: 'test' });
  logger.info('first');
  process.stdin.once('data', () => {
    for (let line = 0; line < 10; line += 1) logger.info('nobody reads this');
    process.exit(0);
  });`;

test('a process that nobody reads the log of any more ends all the same', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.write('go on');
  expect(await ended).toEqual([0, null]);
});
