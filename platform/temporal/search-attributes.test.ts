import { Connection } from '@temporalio/client';
import { startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { testServers } from '../../test/support/servers.ts';
import { registerSearchAttributes } from './search-attributes.ts';

test('a Temporal that falls silent is given up, so that the relay that waits for it can be stopped', async () => {
  const { address, namespace } = testServers().temporal;
  const proxy = await startBreakableProxy(`http://${address}`);
  const connection = await Connection.connect({ address: `127.0.0.1:${proxy.port}` });
  await registerSearchAttributes(connection, namespace);
  proxy.misbehave('to-client', { type: 'silence' });
  await expect(registerSearchAttributes(connection, namespace, 200)).rejects.toThrow();
  await connection.close();
  await proxy.close();
});
