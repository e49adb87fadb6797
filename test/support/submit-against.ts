import type { User } from '../../domain/identity/user.entity.ts';
import type { InviteId } from '../../domain/ids.ts';
import type { TestApi } from './api.ts';
import { type Guest } from './guest.ts';
import { buildInvite, buildInviteGuest } from './portals.ts';
import { guestSend, guestUpload } from './requests.ts';
import { verifyNow } from './uploads.ts';

/** What became of one round. */
export interface Round {
  readonly submitted: 'yes' | 'no';
  /** What must not be, as sentences. */
  readonly faults: readonly string[];
}

/** What happens at once in a round, each after so many milliseconds. */
export interface Course {
  /** How far another file is when it begins: not begun, all sent, or waiting to be verified. */
  readonly other: 'unbegun' | 'sent' | 'completed';
  readonly submit: readonly number[];
  /** For the next step of the other file, and for its verification after that. */
  readonly next: number;
  readonly verify: number;
  readonly close: number | null;
  readonly withdraw: number | null;
}

/**
 * Hands in while another file is completed and verified, a verified one is taken back, and the portal is
 * closed: what was handed in is all there is in the submission, or nothing was.
 */
export async function submitAgainst(api: TestApi, owner: User, course: Course): Promise<Round> {
  const invite = await buildInvite(api, { owner });
  const member = await buildInviteGuest(api, invite);
  const first = await guestUpload(member, Buffer.from(`first ${invite.id}`), 'first.jpg');
  await verifyNow(api, invite.id);
  const next = await otherFile(member, course.other, Buffer.from(`second ${invite.id}`));
  const after = async <T>(wait: number | null, what: () => Promise<T>): Promise<T | null> => {
    if (wait === null) return null;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return what();
  };
  const [answers] = await Promise.all([
    Promise.all(course.submit.map((wait) => after(wait, () => member.post('/submission')))),
    after(course.next, next).then(() => after(course.verify, () => verifyNow(api, invite.id))),
    after(course.withdraw, () => member.delete(`/uploads/${first}`)),
    after(course.close, () => close(api, invite.portal.id)),
  ]);
  await verifyNow(api, invite.id);
  const faults: string[] = [];
  const done = answers.filter((answer) => answer?.status === 201);
  if (done.length > 1) faults.push('handed in twice');
  for (const answer of answers) {
    if (answer !== null && ![201, 409, 410].includes(answer.status)) {
      faults.push(`handing in was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  }
  faults.push(...(await check(api, invite.id, done[0]?.body)));
  return { submitted: done.length > 0 ? 'yes' : 'no', faults };
}

/** Brings another file as far as is said; gives its next step. */
async function otherFile(
  member: Guest,
  until: Course['other'],
  content: Buffer,
): Promise<() => Promise<unknown>> {
  const name = 'second.jpg';
  if (until === 'unbegun') {
    return () => member.post('/uploads', { fileName: name, size: content.length });
  }
  const id = await guestSend(member, content, name);
  const complete = () => member.post(`/uploads/${id}/complete`);
  if (until === 'sent') return complete;
  await complete();
  return async () => undefined;
}

async function close(api: TestApi, portalId: string): Promise<void> {
  await api.database.em.fork().transactional(async (em) => {
    await em.execute('select from portals where id = ? for update', [portalId]);
    await em.execute('update portals set closed_at = clock_timestamp() where id = ?', [portalId]);
  });
}

interface Row {
  readonly state: string;
  readonly evidence: string | null;
  readonly submitted: boolean;
}

async function check(
  api: TestApi,
  inviteId: InviteId,
  receipt: { readonly files: readonly { readonly fileName: string }[] } | undefined,
): Promise<string[]> {
  const rows = await api.database.em.fork().execute<(Row & { file_name: string })[]>(
    `select u.file_name, u.state, e.state as evidence, f.evidence_id is not null as submitted
     from uploads u left join evidence e on e.id = u.evidence_id
     left join submission_files f on f.evidence_id = e.id
     where u.invite_id = ?`,
    [inviteId],
  );
  const [invite] = await api.database.em.fork().execute<{ spent: boolean; orphans: number }[]>(
    `select i.spent_at is not null as spent,
       (select count(*)::int from evidence e where e.uploaded_by ->> 'id' = i.id::text
         and not exists (select from uploads u where u.evidence_id = e.id)) as orphans
     from invites i where i.id = ?`,
    [inviteId],
  );
  const faults: string[] = [];
  if ((invite?.orphans ?? 0) > 0) faults.push('evidence that nobody sent');
  if (invite?.spent !== (receipt !== undefined)) faults.push('spent, or not, against the receipt');
  for (const { file_name: name, state, evidence, submitted } of rows) {
    const isListed = receipt?.files.some(({ fileName }) => fileName === name) ?? false;
    if (isListed !== submitted) faults.push(`${name} is in the receipt or in the submission alone`);
    if (submitted && (state !== 'verified' || evidence !== 'triage_pending')) {
      faults.push(`${name} was handed in as ${state}, ${evidence}`);
    }
    if (!submitted && evidence !== null && evidence !== 'verifying') {
      faults.push(`${name} was not handed in, and is ${evidence}`);
    }
    // Handed in is everything that was sent, and nothing is taken after it.
    if (
      receipt !== undefined &&
      !submitted &&
      ['uploading', 'verifying', 'verified'].includes(state)
    ) {
      faults.push(`${name} was taken and is not in the submission`);
    }
  }
  return faults;
}
