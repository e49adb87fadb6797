/**
 * An upload request through random acts, some at the same time, with time running in hours: what must
 * hold of its mails and its files whatever the order. Time runs by moving everything that the request
 * counts from into the past, for both clocks alike.
 */
import type { UploadId } from '../../domain/ids.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import type { TestApi } from './api.ts';
import { randomFrom } from './random.ts';
import { ACTS, close, deliver, look, pass, QUIET, settle, type World } from './request-acts.ts';
import { buildRequest, type TestRequest } from './requests.ts';

const HOUR = 3_600_000;

/** Times that something happens in one run, each up to 80 hours after the last. */
const ROUNDS = 10;

/** How long a claimed mail may be in the hands of its sender: what a claim adds to its clock. */
const LEASE = 180_000;

/** What must not be: every fault as a sentence. */
export interface Ledger {
  readonly faults: string[];
  readonly reminders: number;
  readonly completed: number;
  readonly refused: number;
}

/** Lets one request live through a random course of things, and says what went wrong in it. */
export async function interleave(
  api: TestApi,
  by: Pick<TestRequest, 'sender' | 'inCase'>,
  seed: number,
): Promise<Ledger> {
  const random = randomFrom(seed);
  const request = await buildRequest(api, { ...by, fields: [] });
  const faults: string[] = [];
  const world: World = {
    ...{
      api,
      request,
      faults,
      uploads: new Map(),
      closedAt: null,
      completedAt: null,
      reminders: 0,
    },
    mailer: {
      async send(mail) {
        await checkReason(world, mail.messageId);
        return { type: 'sent' };
      },
    },
  };
  // Nobody sends or closes anything at first, so that reminders come to be due.
  const quietRounds = random(ROUNDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    await pass(world, random(80) * HOUR + random(3_600) * 1000);
    const choice = round < quietRounds ? QUIET : ACTS;
    const acts = Array.from({ length: 2 + random(4) }, () => choice[random(choice.length)] ?? look);
    await Promise.all(acts.map((one) => one(world)));
  }
  await close(world);
  for (let times = 0; times < 3; times += 1) {
    await settle(world);
    await pass(world, HOUR);
    await look(world);
    await deliver(world);
  }
  await checkEnd(world);
  const states = [...world.uploads.values()];
  return {
    faults: world.faults,
    reminders: world.reminders,
    completed: states.filter((state) => state === 'completed').length,
    refused: states.filter((state) => state === 'refused').length,
  };
}

/** A mail goes out: was there still a reason for it when it was claimed? */
async function checkReason(world: World, messageId: string): Promise<void> {
  const [mail] = await world.api.database.em
    .fork()
    .execute<{ kind: string; lease_until: Date | string }[]>(
      'select kind, lease_until from notifications where message_id = ?',
      [messageId],
    );
  if (mail === undefined) throw new Error('a mail without a row');
  const claimed = new Date(mail.lease_until).getTime() - LEASE;
  const { closedAt, completedAt } = world;
  if (mail.kind === 'upload-reminder') {
    world.reminders += 1;
    if (completedAt !== null && completedAt < claimed)
      world.faults.push('reminded after a file came');
  }
  if (!['upload-reminder', 'upload-request'].includes(mail.kind)) return;
  if (closedAt !== null && closedAt < claimed) world.faults.push(`${mail.kind} after closing`);
}

interface MailRow {
  readonly kind: string;
  readonly state: string;
  readonly created_at: Date | string;
}

async function checkEnd({ api, request, uploads, faults }: World): Promise<void> {
  const em = api.database.em.fork();
  // In the order of their writing: a turn that waited for its lock may have the earlier clock.
  const mails = await em.execute<MailRow[]>(
    'select kind, state, created_at from notifications where subject_id = ? order by id',
    [request.id],
  );
  const open = mails.filter(({ state }) => state !== 'sent' && state !== 'cancelled');
  if (open.length > 0) faults.push(`${open.length} mails neither sent nor cancelled`);
  const closing = mails.filter(({ kind, state }) => kind === 'request-closed' && state === 'sent');
  if (closing.length !== 1) faults.push(`${closing.length} closing mails`);
  const toTrustedUser = mails.filter(({ kind }) => /^upload-re(quest|minder)$/.test(kind));
  for (const [index, mail] of toTrustedUser.entries()) {
    const before = toTrustedUser[index - 1];
    if (mail.kind !== 'upload-reminder' || before === undefined) continue;
    const apart = new Date(mail.created_at).getTime() - new Date(before.created_at).getTime();
    if (apart < 24 * HOUR) faults.push('a reminder within a day of the mail before');
  }
  const rows = await em.execute<
    { id: UploadId; state: string; evidence: boolean; logged: boolean }[]
  >(
    `select u.id, u.state, exists (select from case_evidence ce where ce.evidence_id = u.evidence_id) as evidence,
       exists (select from audit_events e where e.action = 'evidence.uploaded'
         and e.objects @> array[u.id] and e.objects @> array[u.upload_request_id]) as logged
     from uploads u where u.upload_request_id = ?`,
    [request.id],
  );
  for (const { id, state, evidence, logged } of rows) {
    const wanted = uploads.get(id) === 'completed' ? 'verified' : 'aborted';
    const isKept = wanted === 'verified';
    if (state !== wanted || evidence !== isKept || logged !== isKept) {
      faults.push(`an upload that should be ${wanted} is ${state}`);
    }
  }
  const [life] = await em.execute<{ unfinished: boolean }[]>(
    `select waiting_for <> 'nothing' as unfinished from lifecycles where workflow_id = ?`,
    [workflowIdOf('upload-request', request.id)],
  );
  if (life?.unfinished !== false) faults.push('the life has not ended');
}
