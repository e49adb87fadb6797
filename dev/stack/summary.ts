import { styleText } from 'node:util';
import { DEMO_LINKS, type DemoData, type DemoLink } from './demo-data.ts';
import type { Addresses } from './environment.ts';

/** What a started stack has to tell. */
export interface Ready {
  readonly origin: string;
  readonly addresses: Addresses;
  readonly demo: DemoData;
  readonly dataPath: string;
  readonly environmentFile: string;
  readonly seconds: number;
  /** Access token of the first demo user. */
  readonly token: string | undefined;
}

/** One line for scripts: the addresses, and what the demo data has. */
export function jsonLine({ origin, addresses, demo }: Ready): string {
  return JSON.stringify({
    api: origin,
    docs: `${origin}/docs`,
    temporalUi: addresses.temporal.uiUrl,
    temporalAddress: addresses.temporal.address,
    mailbox: addresses.mailbox.webUrl,
    smtp: addresses.mailbox.smtpUrl,
    s3: addresses.objectStore.endpoint,
    organizations: demo.organizations,
    users: demo.users,
    links: demo.links,
  });
}

/** The same for people. */
export function readableSummary(ready: Ready, colour: boolean): string {
  const { origin, addresses, demo } = ready;
  const style = (format: 'bold' | 'dim' | 'cyan' | 'green', text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const row = (name: string, value: string) =>
    `  ${style('dim', name.padEnd(16))}${value.startsWith('http') ? style('cyan', value) : value}`;
  const names = new Map(demo.organizations.map(({ id, name }) => [id, name]));
  const links = (Object.keys(DEMO_LINKS) as DemoLink[]).flatMap((kind) => {
    const link = demo.links[kind];
    return link === undefined ? [] : [row(DEMO_LINKS[kind], link)];
  });
  return [
    '',
    `${style('green', style('bold', 'Casebridge is running'))} (ready in ${ready.seconds.toFixed(1)} s)`,
    '',
    row('API', origin),
    row('API docs', `${origin}/docs`),
    row('Temporal UI', addresses.temporal.uiUrl),
    row('Mailbox', addresses.mailbox.webUrl),
    row('Object store', addresses.objectStore.endpoint),
    ...(links.length > 0 ? ['', style('bold', 'To try'), ...links] : []),
    ...(demo.users.length > 0 ? ['', style('bold', 'Users')] : []),
    ...demo.users.map(
      (user) =>
        `  ${user.email}  ${style('dim', `${user.roles.join(', ')}, ${names.get(user.organizationId) ?? ''}`)}`,
    ),
    ...tokenLines(ready, style),
    '',
    row('Data and logs', ready.dataPath),
    row('Settings', `node --env-file=${ready.environmentFile} …`),
    '',
    style('dim', 'Ctrl-C stops everything; the data stays.'),
    '',
  ].join('\n');
}

function tokenLines(
  { origin, demo, token }: Ready,
  style: (format: 'bold', text: string) => string,
): string[] {
  const email = demo.users[0]?.email;
  if (email === undefined || token === undefined) return [];
  return [
    '',
    style('bold', `Token of ${email}`),
    `  ${token}`,
    `  Another: curl -s -X POST ${origin}/dev/token -H 'Content-Type: application/json' -d '{"email": "${email}"}'`,
  ];
}
