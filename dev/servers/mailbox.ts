import { mkdir } from 'node:fs/promises';
import { maildevScript } from './binaries.ts';
import { startChild } from './leash.ts';
import { freePort } from './ports.ts';
import { expectOk, untilReady } from './ready.ts';
import { type RunningServer, type ServerOptions, serverEnvironment } from './running-server.ts';

/** Where the development mailbox takes mail and shows it. */
export interface Mailbox {
  /** `smtp://host:port` */
  readonly smtpUrl: string;
  /** Origin of its web page; `GET /email` lists the mails. */
  readonly webUrl: string;
}

/** maildev 2.2.0 reads an undeclared variable `host` when it listens, and would end there. */
const DECLARE_HOST = 'data:text/javascript,globalThis.host="127.0.0.1"';

/** Starts maildev: an SMTP server that delivers nothing, with a web page. It keeps its mails over restarts. */
export async function startMailbox(
  options: ServerOptions & { readonly smtpPort?: number; readonly webPort?: number },
): Promise<RunningServer<Mailbox>> {
  const smtpPort = options.smtpPort ?? (await freePort());
  const webPort = options.webPort ?? (await freePort());
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const child = startChild({
    name: 'mailbox',
    command: process.execPath,
    args: [
      `--import=${DECLARE_HOST}`,
      maildevScript(),
      '--ip=127.0.0.1',
      `--smtp=${smtpPort}`,
      '--web-ip=127.0.0.1',
      `--web=${webPort}`,
      `--mail-directory=${options.dataDir}`,
    ],
    cwd: options.dataDir,
    environment: serverEnvironment(options.dataDir),
    logFile: options.logFile,
    graceSeconds: 5,
  });
  options.onChild?.(child);
  const webUrl = `http://127.0.0.1:${webPort}`;
  await untilReady(child, 30, () => expectOk(`${webUrl}/healthz`));
  return { ...child, smtpUrl: `smtp://127.0.0.1:${smtpPort}`, webUrl };
}
