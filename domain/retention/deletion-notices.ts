/** The weekly mail of what was deleted and what is coming (product rules, section 9). */
import type { Act } from '../act.ts';
import { ADMINISTERS } from '../identity/administrators.ts';
import { Organization } from '../identity/organization.entity.ts';
import type { Language } from '../identity/user.entity.ts';
import type { OrganizationId } from '../ids.ts';
import { insertNotification } from '../notifications/insert.ts';
import { formatInstant, renderMail } from '../notifications/render.ts';
import { DELETIONS, type DeletionCounts } from './deletion-notice-texts.ts';
import { NOTICE_EVERY } from './retention-rule.ts';

const DAY = 24 * 3600 * 1000;

interface CountsRow {
  queued: number;
  next_destruction: Date | string | null;
  destroyed: number;
  coming: number;
}

/**
 * Mails every administrator how much is queued, was destroyed since the last of these mails and will be
 * queued in the next 7 days; nothing else of it, since a mailbox is no place for that. Where there is nothing to tell it
 * looks again a day later.
 * @param notices how many of these mails there were before
 */
export async function tellOfDeletions(
  act: Act,
  organizationId: OrganizationId,
  notices: number,
  now: Date,
): Promise<void> {
  const { em } = act;
  const [row] = await em.execute<CountsRow[]>(
    `select
       (select count(*)::int from evidence where organization_id = ? and state = 'queued_for_deletion') as queued,
       (select min(d.destroy_after) from deletions d join evidence e on e.id = d.evidence_id
         where d.organization_id = ? and e.state = 'queued_for_deletion') as next_destruction,
       (select count(*)::int from deletions where organization_id = ? and gone_at >= coalesce(
         (select noticed_at from retention_progress where organization_id = ?), '-infinity')) as destroyed,
       (select count(*)::int from evidence where organization_id = ? and state in ('active', 'declined')
         and queued_for_deletion_on <= ?) as coming`,
    [
      ...[organizationId, organizationId, organizationId, organizationId],
      ...[organizationId, new Date(now.getTime() + NOTICE_EVERY)],
    ],
  );
  const counts = row ?? { queued: 0, next_destruction: null, destroyed: 0, coming: 0 };
  const isSomething = counts.queued + counts.destroyed + counts.coming > 0;
  await em.execute(
    `update retention_progress set notice_at = ?, notices = ?,
       noticed_at = case when ?::boolean then ?::timestamptz else noticed_at end
     where organization_id = ?`,
    [
      new Date(now.getTime() + (isSomething ? NOTICE_EVERY : DAY)),
      isSomething ? notices + 1 : notices,
      isSomething,
      now,
      organizationId,
    ],
  );
  if (isSomething) await mail(act, organizationId, notices, counts, now);
}

async function mail(
  act: Act,
  organizationId: OrganizationId,
  sequence: number,
  row: CountsRow,
  now: Date,
): Promise<void> {
  const { em } = act;
  const { name: organization, timeZone } = await em.findOneOrFail(Organization, organizationId);
  const readers = await em.execute<{ email: string; name: string; language: Language }[]>(
    `select u.email, u.name, u.language from users u
     where u.organization_id = ? and u.disabled_at is null and ${ADMINISTERS} order by u.id`,
    [organizationId],
  );
  for (const { email, name, language } of readers) {
    const counts: DeletionCounts = {
      name,
      organization,
      queued: row.queued,
      nextDestruction:
        row.next_destruction === null
          ? null
          : formatInstant(new Date(row.next_destruction), language, timeZone),
      destroyed: row.destroyed,
      coming: row.coming,
    };
    await insertNotification(act, {
      kind: 'deletion-notice',
      organizationId,
      life: { kind: 'retention', entityId: organizationId },
      subjectId: organizationId,
      recipient: email,
      sequence,
      rendered: renderMail(language, DELETIONS[language](counts)),
      now,
    });
  }
}
