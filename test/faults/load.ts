/** A few clients that do all sorts of things to Casebridge at once, until they are told to stop. */
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { buildOrganization, buildPartner, buildUser } from '../support/factories.ts';
import { randomFrom } from '../support/random.ts';
import { createLoadCalls, GivenUpError, type LoadCalls } from './load-calls.ts';
import { shareCopyOfCase } from './load-copy.ts';
import { shareCaseByLink } from './load-link.ts';
import { collectByPortal } from './load-portal.ts';
import { askTrustedUser } from './load-request.ts';
import type { OutageWorld } from './outages-world.ts';

/** What a course of acts works with. */
export interface LoadClient {
  readonly calls: LoadCalls;
  /** Whose case it is. */
  readonly owner: User;
  readonly partner: Organization;
  readonly receiver: User;
  /** A whole number below another. */
  readonly random: (below: number) => number;
  /** What nothing else has. */
  readonly marker: (prefix: string) => string;
  /** Lets days pass for a request whose invitation was sent, and its life look at once. */
  readonly letDaysPass: (requestId: string, days: number) => Promise<void>;
}

/** A course of acts, as one person and whoever answers it go through. */
export type Course = (client: LoadClient) => Promise<void>;

const COURSES: readonly Course[] = [
  shareCaseByLink,
  askTrustedUser,
  collectByPortal,
  shareCopyOfCase,
];

/** A load that runs. */
export interface Load {
  readonly calls: LoadCalls;
  /** Courses that were gone through, and those that ended early. */
  readonly courses: { readonly done: number; readonly givenUp: number };
  /** Lets each client end the course that it is in. */
  stop(): Promise<void>;
}

/** Starts clients of an organization of their own, which has a partner. */
export async function startLoad(
  world: OutageWorld,
  options: {
    readonly clients: number;
    readonly seed: number;
    readonly courses?: readonly Course[];
  },
): Promise<Load> {
  const calls = createLoadCalls(world.proxies.api.endpoint, world.ledger);
  const source = await buildOrganization(world, { name: 'Northfield Police' });
  const partner = await buildOrganization(world, { name: 'County Prosecutor', kind: 'justice' });
  await buildPartner(world, source, partner);
  const owner = await buildUser(world, { organization: source });
  const receiver = await buildUser(world, { organization: partner });
  const courses = options.courses ?? COURSES;
  const counts = { done: 0, givenUp: 0 };
  let running = true;
  let marked = 0;

  async function letDaysPass(requestId: string, days: number): Promise<void> {
    const em = world.database.em.fork();
    await em.execute(
      `update upload_request_progress set invited_at = invited_at - ? * interval '1 day',
         last_mail_at = last_mail_at - ? * interval '1 day' where request_id = ?`,
      [days, days, requestId],
    );
    await em.execute(
      `update lifecycles set wanted = wanted + 1, wanted_at = clock_timestamp(), sent_at = null,
         send_attempts = 0 where workflow_id = ?`,
      [workflowIdOf('upload-request', requestId)],
    );
  }

  async function client(number: number): Promise<void> {
    const random = randomFrom(options.seed * 100 + number);
    const marker = (prefix: string) => {
      marked += 1;
      return `${prefix}-${options.seed}-${marked}`;
    };
    for (let turn = number; running; turn += 1) {
      const course = courses[turn % courses.length];
      if (course === undefined) return;
      try {
        await course({ calls, owner, partner, receiver, random, marker, letDaysPass });
        counts.done += 1;
      } catch (error) {
        if (!(error instanceof GivenUpError)) throw error;
        counts.givenUp += 1;
        givenUp.push(error.message);
      }
    }
  }
  const givenUp: string[] = [];
  const clients = Promise.all(Array.from({ length: options.clients }, (_, n) => client(n)));
  clients.catch(() => undefined);
  return {
    calls,
    courses: counts,
    async stop() {
      running = false;
      await clients;
      if (givenUp.length > 0) process.stderr.write(`courses given up: ${givenUp.join('\n')}\n`);
    },
  };
}
