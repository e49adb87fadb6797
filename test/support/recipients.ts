/** Recipients of partner access in front of a browser: their mail, their cookies, their sign-in. */

import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { deliverMail } from '../../domain/notifications/deliver.ts';
import { findAccessLink } from '../../domain/sharing/partner-access/access-link.ts';
import { createMailer } from '../../platform/mail.ts';
import type { TestApi } from './api.ts';
import { type MailSink, startMailSink } from './mail-sink.ts';

/** The post of a test: mails are written and sent when they are asked for, without a workflow engine. */
export interface TestPost {
  readonly mail: MailSink;
  /** Lets the life of partner access do what is due, and sends its mail. */
  send(shareId: string): Promise<void>;
  /** The path of the link that a user was mailed for a share, `/a/…`. */
  linkOf(shareId: string, user: Pick<User, 'email'>): Promise<string>;
  /** The code that a user was mailed last. */
  codeOf(shareId: string, user: Pick<User, 'email'>): Promise<string>;
  stop(): Promise<void>;
}

export async function startPost(api: TestApi): Promise<TestPost> {
  const mail = await startMailSink();
  const mailer = createMailer({ smtpUrl: mail.url, from: 'casebridge@example.test' });

  async function send(shareId: string): Promise<void> {
    const workflowId = workflowIdOf('partner-access', shareId);
    await turn(api, LIVES, workflowId, new Date(), []);
    const soon = new Date(Date.now() + 1_000);
    await deliverMail({ ...api, mailer }, workflowId, soon, new AbortController().signal);
  }

  /** What a pattern finds in the mails to an address, oldest first. */
  function foundIn(email: string, pattern: RegExp): string[] {
    return mail.mails
      .filter(({ to }) => to?.[0]?.address === email)
      .flatMap(({ text }) => pattern.exec(text ?? '')?.[1] ?? []);
  }

  return {
    mail,
    send,
    async linkOf(shareId, { email }) {
      await send(shareId);
      for (const link of foundIn(email, /(\/a\/[\w-]{43})/)) {
        const found = await findAccessLink(api.database.em.fork(), link.slice('/a/'.length));
        if (found?.shareId === shareId) return link;
      }
      throw new Error('no link was mailed that is alive');
    },
    async codeOf(shareId, { email }) {
      await send(shareId);
      const code = foundIn(email, /^(\d{8})$/m).at(-1);
      if (code === undefined) throw new Error('no code was mailed');
      return code;
    },
    stop: () => mail.stop(),
  };
}

/** An answer as a test of pages looks at it. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string | null;
  readonly text: string;
}

/** A browser as far as requests go: it keeps cookies, sends forms, and follows nothing by itself. */
export interface TestBrowser {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<PageAnswer>;
  submit(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<PageAnswer>;
  readonly cookies: ReadonlyMap<string, string>;
}

export function openBrowser({ origin }: Pick<TestApi, 'origin'>): TestBrowser {
  const cookies = new Map<string, string>();
  async function request(path: string, init: RequestInit): Promise<PageAnswer> {
    const headers = new Headers({ Accept: 'text/html', ...init.headers });
    const held = [...cookies].map(([name, value]) => `${name}=${value}`);
    if (held.length > 0) headers.set('Cookie', held.join('; '));
    const response = await fetch(`${origin}${path}`, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1);
      const [name = '', value = ''] = pair.split('=', 2);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('Location'),
      text: await response.text(),
    };
  }
  return {
    cookies,
    get: (path, headers = {}) => request(path, { headers }),
    submit: (path, fields = {}, headers = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
  };
}

/** Opens a link and signs in by the code that is mailed. */
export async function signInByMail(
  browser: TestBrowser,
  post: TestPost,
  shareId: string,
  user: Pick<User, 'email'>,
): Promise<PageAnswer> {
  await browser.submit(await post.linkOf(shareId, user));
  return browser.submit('/sign-in/code', { code: await post.codeOf(shareId, user) });
}
