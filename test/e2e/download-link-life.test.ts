/** The life of a download link, with everything real: API, PostgreSQL, Temporal, worker, SMTP. */
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';

const DAY = 24 * 3600 * 1000;

let lives: TestLives;
let owner: User;
beforeAll(async () => {
  lives = await startLives();
  owner = await buildUser(lives.api, { language: 'es' });
});
afterAll(async () => lives.stop());

async function caseWithEvidence(): Promise<{ inCase: Case; evidence: Evidence }> {
  const inCase = await buildCase(lives.api, { owner });
  return { inCase, evidence: await buildEvidence(lives.api, { owner, inCase }) };
}

/** Shares the case by a download link; gives the share as the API answers. */
async function share(inCase: Case, fields: object = {}) {
  const answer = await lives.api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
    ...fields,
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

function mailsAbout(inCase: Case) {
  return lives.mail.mails.filter((mail) => mail.subject?.includes(inCase.caseNumber));
}

async function lifecycleRow(shareId: string) {
  const [row] = await lives.api.database.em.fork().execute<
    {
      wanted: string;
      planned: string;
      wake_at: Date | null;
      waiting_for: string;
      attention: string | null;
    }[]
  >('select * from lifecycles where workflow_id = ?', [workflowIdOf('download-link', shareId)]);
  return row;
}

async function planned(shareId: string): Promise<void> {
  await eventually('the link to be planned', async () => {
    const row = await lifecycleRow(shareId);
    return row !== undefined && row.planned === row.wanted;
  });
}

async function auditOf(shareId: string): Promise<string[]> {
  const rows = await lives.api.database.em
    .fork()
    .execute<{ action: string }[]>(
      `select action from audit_events where objects @> array[?::uuid] order by sequence`,
      [shareId],
    );
  return rows.map(({ action }) => action);
}

/** Moves a link's deadlines into the past or nearer, as an outage would; the life is not told. */
async function shift(shareId: string, days: number): Promise<void> {
  await lives.api.database.em
    .fork()
    .execute(
      `update shares set activated_at = activated_at - ?::int * interval '1 day', expires_at = expires_at - ?::int * interval '1 day' where id = ?`,
      [days, days, shareId],
    );
}

test('a link over verified evidence is active at once, and its life sleeps until the notice', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase);
  expect(made).toMatchObject({ state: 'active', progress: { done: 1, total: 1 } });
  expect(made.link).toMatch(/\/s\/[A-Za-z0-9_-]{43}$/);
  await planned(made.id);
  const row = await lifecycleRow(made.id);
  expect(row?.waiting_for).toBe('the notice before expiry');
  expect(new Date(row?.wake_at ?? 0).getTime()).toBe(new Date(made.expiresAt).getTime() - 3 * DAY);
});

test('the creator is told once three days before expiry, in its language, and the end is recorded', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { durationDays: 30 });
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  await lives.temporal.fastForward(workflowId, 26 * DAY);
  expect(mailsAbout(inCase)).toHaveLength(0);
  await lives.temporal.fastForward(workflowId, 5 * DAY);
  await lives.temporal.client.workflow.getHandle(workflowId).result();
  expect(mailsAbout(inCase).map((mail) => mail.subject)).toEqual([
    `El enlace de descarga del caso ${inCase.caseNumber} caduca pronto`,
  ]);
  expect(mailsAbout(inCase)[0]?.to?.[0]?.address).toBe(owner.email);
  expect(await auditOf(made.id)).toEqual(['share.created', 'share.activated', 'share.expired']);
});

test('a link that is revoked is told of no more', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase);
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  expect((await lives.api.post(`/shares/${made.id}/revoke`, owner)).body.state).toBe('revoked');
  await lives.temporal.client.workflow.getHandle(workflowId).result();
  expect(mailsAbout(inCase)).toHaveLength(0);
});

test('an extended link is told of its new expiry', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { durationDays: 10 });
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  const extended = await lives.api.patch(`/shares/${made.id}`, owner, { durationDays: 40 });
  expect(extended.status).toBe(200);
  await planned(made.id);
  await lives.temporal.fastForward(workflowId, 36 * DAY);
  expect(mailsAbout(inCase)).toHaveLength(0);
  await lives.temporal.fastForward(workflowId, 2 * DAY);
  await eventually('the notice', () => mailsAbout(inCase).length === 1);
  await lives.temporal.client.workflow.getHandle(workflowId).terminate();
});

test("with Temporal's memory of it wiped, the notice still comes, once", async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { durationDays: 30 });
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  const handle = lives.temporal.client.workflow.getHandle(workflowId);
  await handle.terminate('as if the engine had been wiped');
  await lives.temporal.client.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
  });
  await shift(made.id, 28);
  await lives.api.database.em
    .fork()
    .execute(`update lifecycles set wake_at = wake_at - interval '28 days' where workflow_id = ?`, [
      workflowId,
    ]);
  lives.startRelay();
  await eventually('the notice', () => mailsAbout(inCase).length > 0);
  await planned(made.id);
  expect(mailsAbout(inCase)).toHaveLength(1);
  await handle.terminate().catch(() => undefined);
});

test('two turns beside each other tell once', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { durationDays: 30 });
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  const noticeTime = new Date(new Date(made.expiresAt).getTime() - 2 * DAY);
  await Promise.all(
    Array.from({ length: 8 }, () => turn(lives.api, LIVES, workflowId, noticeTime, [])),
  );
  const [count] = await lives.api.database.em
    .fork()
    .execute<{ n: number }[]>('select count(*)::int as n from notifications where subject_id = ?', [
      made.id,
    ]);
  expect(count?.n).toBe(1);
});

test('a command that commits while a turn reads the facts is not taken for planned', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase);
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  await lives.stopWorker();
  let poked = false;
  const intruding = {
    ...LIVES,
    'download-link': {
      kind: 'download-link' as const,
      async live(...of: Parameters<(typeof LIVES)['download-link']['live']>) {
        const lived = await LIVES['download-link'].live(...of);
        if (!poked) {
          poked = true;
          await lives.api.database.em
            .fork()
            .execute('update lifecycles set wanted = wanted + 1 where workflow_id = ?', [
              workflowId,
            ]);
        }
        return lived;
      },
    },
  };
  await turn(lives.api, intruding, workflowId, new Date(), []);
  const row = await lifecycleRow(made.id);
  expect(Number(row?.planned)).toBeLessThan(Number(row?.wanted));
  await lives.startWorker();
});

test('a download that fell silent is ended by the life; one that had every byte is complete', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { notifyOnFirstDownload: true });
  await planned(made.id);
  const em = lives.api.database.em.fork();
  const silentSince = (sessionCovered: string) =>
    em.execute(
      `insert into download_sessions (id, share_id, secret_hash, opened_at, counted_at, began_at, last_active_at, covered)
       values (gen_random_uuid(), ?, sha256(gen_random_uuid()::text::bytea), clock_timestamp(), clock_timestamp(),
         clock_timestamp(), clock_timestamp() - interval '31 minutes', ${sessionCovered})`,
      [made.id],
    );
  await silentSince(`'{[0,10)}'`);
  await silentSince(`int8multirange(int8range(0, ${made.package.size}))`);
  await turn(lives.api, LIVES, workflowIdOf('download-link', made.id), new Date(), []);
  const events = await em.execute<{ reason: string }[]>(
    `select content::json->>'reason' as reason from audit_events
     where action = 'share.download_ended' and objects @> array[?::uuid]`,
    [made.id],
  );
  expect(events.map(({ reason }) => reason).sort()).toEqual(['abandoned', 'complete']);
  await eventually('the mail that was asked for', () => mailsAbout(inCase).length === 1);
});

test('a mail server that refuses for now is tried again, and its mail comes once', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase, { durationDays: 30 });
  const workflowId = workflowIdOf('download-link', made.id);
  await planned(made.id);
  lives.mail.refuse = { code: 451, message: 'greylisted' };
  await lives.temporal.fastForward(workflowId, 27 * DAY + 1000);
  await eventually('the attempt', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ attempts: number; state: string }[]>(
        'select attempts, state from notifications where subject_id = ?',
        [made.id],
      );
    return row?.attempts === 1 && row.state === 'pending';
  });
  await eventually('what it waits for to be shown', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ waiting_for: string }[]>(
        'select waiting_for from lifecycles where workflow_id = ?',
        [workflowId],
      );
    return row?.waiting_for === 'the next attempt at a mail';
  });
  lives.mail.refuse = undefined;
  await lives.temporal.fastForward(workflowId, 2 * 60_000);
  await eventually('the notice', () => mailsAbout(inCase).length === 1);
  await lives.temporal.client.workflow.getHandle(workflowId).terminate();
});

test('what operators see of a sleeping link', async () => {
  const { inCase } = await caseWithEvidence();
  const made = await share(inCase);
  await planned(made.id);
  const handle = lives.temporal.client.workflow.getHandle(workflowIdOf('download-link', made.id));
  await eventually('the attributes', async () => {
    const { searchAttributes } = await handle.describe();
    return searchAttributes['WaitingFor']?.[0] === 'the notice before expiry';
  });
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({
    Kind: ['download-link'],
    State: ['active'],
    CaseId: [inCase.id],
    OrganizationId: [owner.organizationId],
  });
  const history = JSON.stringify(await handle.fetchHistory());
  for (const secret of [owner.email, owner.name, inCase.title, made.link.split('/s/')[1]]) {
    expect(history).not.toContain(secret);
  }
});
