import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Client } from 'minio';
import { wheelBinary } from './binaries.ts';
import { startChild } from './leash.ts';
import { freePort, SEAWEEDFS_GRPC_OFFSET } from './ports.ts';
import { untilReady } from './ready.ts';
import { type RunningServer, type ServerOptions, serverEnvironment } from './running-server.ts';

/** Where the object store answers, and with which key. */
export interface ObjectStore {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Starts SeaweedFS with one identity and makes the bucket. Ready when an object has gone in and come back. */
export async function startObjectStore(
  options: ServerOptions & {
    readonly bucket: string;
    readonly accessKey: string;
    readonly secretKey: string;
    readonly port?: number;
    /** Origins whose pages may talk to it; all if not given. */
    readonly allowedOrigins?: readonly string[];
  },
): Promise<RunningServer<ObjectStore>> {
  const port = options.port ?? (await freePort());
  const objects = join(options.dataDir, 'objects');
  await mkdir(objects, { recursive: true, mode: 0o700 });
  const identities = join(options.dataDir, 'identities.json');
  await writeFile(identities, identitiesFile(options), { mode: 0o600 });

  const child = startChild({
    name: 'object store',
    command: wheelBinary('weed'),
    args: [
      '-logtostderr=true',
      'mini',
      `-dir=${objects}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      ...(await portArguments(port)),
      '-admin.ui=false',
      '-webdav=false',
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      // Both are on by default: a report to the makers, and a new bucket for every misspelt name.
      '-master.telemetry=false',
      '-s3.autoCreateBucket=false',
      `-s3.config=${identities}`,
      `-s3.allowedOrigins=${options.allowedOrigins?.join(',') ?? '*'}`,
      ...socketArguments(options.dataDir),
    ],
    cwd: options.dataDir,
    environment: serverEnvironment(options.dataDir),
    logFile: options.logFile,
  });
  options.onChild?.(child);
  const store = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: options.bucket,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
  };
  const client = new Client({
    endPoint: '127.0.0.1',
    port,
    useSSL: false,
    region: store.region,
    accessKey: store.accessKey,
    secretKey: store.secretKey,
  });
  await untilReady(child, 60, () => roundTrip(client, options.bucket));
  return { ...child, ...store };
}

function identitiesFile(keys: { accessKey: string; secretKey: string }): string {
  const { accessKey, secretKey } = keys;
  return JSON.stringify({
    identities: [
      {
        name: 'casebridge',
        credentials: [{ accessKey, secretKey }],
        actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
      },
    ],
  });
}

async function portArguments(port: number): Promise<string[]> {
  return [
    `-s3.port=${port}`,
    `-s3.port.grpc=${port + SEAWEEDFS_GRPC_OFFSET}`,
    `-master.port=${await freePort()}`,
    `-volume.port=${await freePort()}`,
    `-filer.port=${await freePort()}`,
    `-admin.port=${await freePort()}`,
  ];
}

/** Longest path of a Unix socket that every supported system takes (macOS: 104 bytes with the final NUL). */
const LONGEST_SOCKET_PATH = 100;

/** Keeps SeaweedFS's sockets out of the system's temporary folder where the path is short enough. */
function socketArguments(dataDir: string): string[] {
  const sockets = ['s3', 'filer'].map((name) => ({ name, path: join(dataDir, `${name}.sock`) }));
  if (sockets.some(({ path }) => Buffer.byteLength(path) > LONGEST_SOCKET_PATH)) return [];
  return sockets.map(({ name, path }) => `-${name}.localSocket=${path}`);
}

/** SeaweedFS answers 500 to reads for some time after its start, while writes succeed already. */
async function roundTrip(client: Client, bucket: string): Promise<void> {
  const key = '.ready';
  const content = Buffer.from('ready');
  if (!(await client.bucketExists(bucket))) await client.makeBucket(bucket);
  await client.putObject(bucket, key, content);
  const read = await buffer(await client.getObject(bucket, key));
  if (!read.equals(content)) throw new Error('the object store returned other bytes');
  await client.removeObject(bucket, key);
}
