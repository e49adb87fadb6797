import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort, isFree, isFreeWithGrpc } from '../servers/ports.ts';
import { StackError } from '../servers/stack-error.ts';
import { PORTS, type PortName } from './options.ts';

const secretsSchema = z.object({
  postgresSuperuser: z.string(),
  databaseOwner: z.string(),
  databaseApp: z.string(),
  s3AccessKey: z.string(),
  s3SecretKey: z.string(),
  linkKeys: z.string(),
});

/** The secrets of one data folder. */
export type Secrets = z.output<typeof secretsSchema>;

/** The secrets of the data folder: random ones, made at its first start and kept in a file of mode 0600. */
export function keptSecrets(dataPath: string): Secrets {
  return kept(join(dataPath, 'secrets.json'), secretsSchema, () => ({
    postgresSuperuser: randomBytes(24).toString('base64url'),
    databaseOwner: randomBytes(24).toString('base64url'),
    databaseApp: randomBytes(24).toString('base64url'),
    s3AccessKey: randomBytes(10).toString('hex'),
    s3SecretKey: randomBytes(30).toString('base64url'),
    linkKeys: `k1:${randomBytes(32).toString('base64url')}`,
  }));
}

const DEFAULT_API_PORT = 8080;

const portNames = Object.keys(PORTS) as PortName[];
const portsSchema = z.partialRecord(z.enum(portNames), z.number().int().min(1).max(65_535));

/**
 * Chooses the ports: those that were asked for, else those of the last start where they are still free,
 * else free ones.
 * @throws StackError when one that was asked for is in use
 */
export async function choosePorts(
  dataPath: string,
  asked: Readonly<Partial<Record<PortName, number>>>,
): Promise<Record<PortName, number>> {
  const file = join(dataPath, 'ports.json');
  const former: Partial<Record<PortName, number>> = existsSync(file)
    ? kept(file, portsSchema, () => ({}))
    : {};
  const chosen = {} as Record<PortName, number>;
  for (const name of portNames) {
    const wanted = asked[name] ?? (name === 'api' ? DEFAULT_API_PORT : undefined);
    chosen[name] = await choosePort(name, wanted, former[name]);
  }
  save(file, chosen);
  return chosen;
}

async function choosePort(
  name: PortName,
  wanted: number | undefined,
  former: number | undefined,
): Promise<number> {
  const usable = name === 's3' ? isFreeWithGrpc : isFree;
  if (wanted !== undefined && wanted !== 0) {
    if (await usable(wanted)) return wanted;
    const flag = name === 'api' ? '--port' : `--${name}-port`;
    throw new StackError(
      `Port ${wanted} is in use (${PORTS[name]}). Choose another with ${flag}, or 0 for a free one.`,
    );
  }
  return former !== undefined && (await usable(former)) ? former : freePort();
}

function kept<T>(file: string, schema: z.ZodType<T>, make: () => T): T {
  if (existsSync(file)) {
    const read = schema.safeParse(parse(readFileSync(file, 'utf8')));
    if (read.success) return read.data;
    throw new StackError(`${file} is damaged. Restore it, or start with another --data folder.`);
  }
  const made = make();
  save(file, made);
  return made;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function save(file: string, content: unknown): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
