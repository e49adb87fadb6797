/** The mails about copies (product rules, section 6): to the recipients, and of failures to the creator. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { Case } from '../../cases/case.entity.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { type Language, User } from '../../identity/user.entity.ts';
import { insertNotification } from '../../notifications/insert.ts';
import { renderMail } from '../../notifications/render.ts';
import type { CaseCopy } from './case-copy.entity.ts';
import { COPY_FAILED, DELIVERED, UPDATE_FAILED, UPDATED } from './copy-notice-texts.ts';
import type { CopyDelivery } from './delivery.entity.ts';

/** Tells every recipient, once, that the copy or an update of it is there. */
export async function notifyDelivered(
  act: Act,
  share: CaseCopy,
  delivery: CopyDelivery,
  files: number,
  now: Date,
): Promise<void> {
  const { em } = act;
  const organization = await em.findOneOrFail(Organization, share.organizationId);
  const sender = await em.findOneOrFail(User, share.createdBy);
  const target = await em.findOneOrFail(Case, share.targetCaseId ?? share.caseId);
  const isUpdate = delivery.sequence > 1;
  for (const reader of await readersOf(em, share)) {
    const texts = (isUpdate ? UPDATED : DELIVERED)[reader.language];
    await insertNotification(act, {
      kind: isUpdate ? 'share-updated' : 'share-invitation',
      organizationId: share.organizationId,
      life: { kind: 'case-copy', entityId: share.id },
      subjectId: delivery.id,
      recipient: reader.email,
      sequence: 0,
      rendered: renderMail(
        reader.language,
        texts({
          name: reader.name,
          organization: organization.name,
          sender: sender.name,
          caseNumber: target.caseNumber,
          title: target.title,
          files,
          message: isUpdate ? null : (share.message ?? null),
        }),
      ),
      now,
    });
  }
}

/** Tells the creator that the copy, or an update of it, was not delivered, and why. */
export async function notifyCopyFailed(
  act: Act,
  share: CaseCopy,
  delivery: CopyDelivery,
  now: Date,
): Promise<void> {
  const { em } = act;
  const creator = await em.findOneOrFail(User, share.createdBy);
  if (creator.disabledAt != null || delivery.failure == null) return;
  const { caseNumber, title } = await em.findOneOrFail(Case, share.caseId);
  const partner = await em.findOneOrFail(Organization, share.partnerOrganizationId);
  const texts = (delivery.sequence > 1 ? UPDATE_FAILED : COPY_FAILED)[creator.language];
  await insertNotification(act, {
    kind: 'share-failed',
    organizationId: share.organizationId,
    life: { kind: 'case-copy', entityId: share.id },
    subjectId: delivery.id,
    recipient: creator.email,
    sequence: 0,
    rendered: renderMail(
      creator.language,
      texts({
        name: creator.name,
        partner: partner.name,
        caseNumber,
        title,
        code: delivery.failure.code,
      }),
    ),
    now,
  });
}

interface Reader {
  readonly email: string;
  readonly name: string;
  readonly language: Language;
}

/** The users that are recipients, by themselves or in a group, each once. */
async function readersOf(em: EntityManager, share: CaseCopy): Promise<Reader[]> {
  return em.execute<Reader[]>(
    `select u.email, u.name, u.language from users u
     where u.organization_id = ? and u.disabled_at is null and exists (
       select 1 from share_recipients r where r.share_id = ? and r.removed_at is null and (
         (r.principal_type = 'user' and r.principal_id = u.id) or
         (r.principal_type = 'group' and exists (select 1 from group_members m
           where m.group_id = r.principal_id and m.user_id = u.id))))
     order by u.id`,
    [share.partnerOrganizationId, share.id],
  );
}

/**
 * Whether a mail about a delivery still has its reason: whoever it is for can still sign in.
 * @returns null where the mail is not about a delivery
 */
export async function deliveryMailStands(
  em: EntityManager,
  mail: { readonly subjectId: string; readonly recipient: string },
): Promise<boolean | null> {
  const [delivery] = await em.execute<{ reads: boolean }[]>(
    `select exists (select 1 from users u where lower(u.email) = lower(?) and u.disabled_at is null) as reads
     from copy_deliveries where id = ?`,
    [mail.recipient, mail.subjectId],
  );
  return delivery?.reads ?? null;
}
