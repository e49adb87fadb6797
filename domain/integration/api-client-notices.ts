/** The mails about API clients (product rules, section 6): to the organization's administrators. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { ADMINISTERS } from '../identity/administrators.ts';
import { Organization } from '../identity/organization.entity.ts';
import type { Language } from '../identity/user.entity.ts';
import type { OrganizationId } from '../ids.ts';
import { insertNotification } from '../notifications/insert.ts';
import { formatInstant, renderMail } from '../notifications/render.ts';
import type { ApiClient, ApiClientChange } from './api-client.entity.ts';
import { CHANGED } from './api-client-texts.ts';

/** A change of a client that administrators were not told of. */
export interface UntoldChange {
  readonly number: number;
  readonly change: ApiClientChange;
  /** The name of whoever did it. */
  readonly changedBy: string;
  readonly changedAt: Date | string;
}

/** Tells every administrator of each of these changes, by a mail for each. */
export async function tellOfChanges(
  act: Act,
  client: ApiClient,
  changes: readonly UntoldChange[],
  now: Date,
): Promise<void> {
  const organization = await act.em.findOneOrFail(Organization, client.organizationId);
  const administrators = await readAdministrators(act.em, client.organizationId);
  for (const { number, change, changedBy, changedAt } of changes) {
    for (const { email, name, language } of administrators) {
      const content = CHANGED[change][language]({
        name,
        organization: organization.name,
        client: client.name,
        clientId: client.id,
        by: changedBy,
        when: formatInstant(new Date(changedAt), language, organization.timeZone),
      });
      await insertNotification(act, {
        kind: 'api-client-changed',
        organizationId: client.organizationId,
        life: { kind: 'api-client', entityId: client.id },
        subjectId: client.id,
        recipient: email,
        sequence: number,
        rendered: renderMail(language, content),
        now,
      });
    }
  }
}

interface Administrator {
  readonly email: string;
  readonly name: string;
  readonly language: Language;
}

async function readAdministrators(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<Administrator[]> {
  return em.execute<Administrator[]>(
    `select u.email, u.name, u.language from users u
     where u.organization_id = ? and u.disabled_at is null and ${ADMINISTERS} order by u.id`,
    [organizationId],
  );
}
