import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildUser } from '../../test/support/factories.ts';
import { buildLink } from '../../test/support/links.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import { beginReconciliation } from './begin-reconciliation.ts';
import { reportOf } from './report.ts';
import { NOTHING } from './run.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

test('a report has what the inventories found, and the lives that are late or need somebody', async () => {
  const em = api.database.em.fork();
  const owner = await buildUser(api);
  const [late, needy] = [await buildLink(api, { owner }), await buildLink(api, { owner })];
  await em.execute(`update lifecycles set planned = wanted`);
  expect((await reportOf(em, { totals: NOTHING, findings: [] })).findings).toEqual([]);
  await em.execute(
    `update lifecycles set wake_at = clock_timestamp() - interval '6 minutes', waiting_for = 'expiry'
     where entity_id = ?`,
    [late.shareId],
  );
  await em.execute(`update lifecycles set attention = 'mail keeps failing' where entity_id = ?`, [
    needy.shareId,
  ]);
  await em.execute(
    `insert into inventory_findings values (?, 'evidence/o/e', 'object-missing', null, 7, null, now(), now())`,
    [owner.organizationId],
  );
  const { organizationId } = owner;
  await beginReconciliation(api, new Date());
  const ofReconciliation = async (attention: string) =>
    em.execute(
      `update lifecycles set planned = wanted, attention = ? where kind = 'reconciliation'`,
      [attention],
    );
  await ofReconciliation('reconciliation found 1 chain-broken');
  expect((await reportOf(em, { totals: NOTHING, findings: [] })).findings).toEqual(
    [
      ['object-missing', 'evidence/o/e', 'expected 7, found nothing'],
      ['life-attention', workflowIdOf('download-link', needy.shareId), 'mail keeps failing'],
      ['life-overdue', workflowIdOf('download-link', late.shareId), 'waits for expiry'],
    ].map(([kind, subject, detail]) => ({
      kind,
      subject,
      organizationId,
      detail,
      repaired: false,
    })),
  );
  await ofReconciliation('reconcile keeps failing (S3Error)');
  const { findings } = await reportOf(em, { totals: NOTHING, findings: [] });
  expect(findings.map(({ detail }) => detail)).toContain('reconcile keeps failing (S3Error)');
});
