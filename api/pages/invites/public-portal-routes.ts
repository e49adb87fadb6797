/** `/p/{organization}/{slug}`: public portals. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { act } from '../../../domain/act.ts';
import { DomainError, type Fault } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/identity/user.entity.ts';
import { CONTACT_FIELDS } from '../../../domain/portals/invite-settings.ts';
import {
  askForInvite,
  findPublicPortal,
  type PublicPortal,
  visitorFaults,
} from '../../../domain/portals/invites/ask-for-invite.ts';
import {
  CONTACT_KEYS,
  type CommunityMember,
  type Contact,
  contactRules,
} from '../../../domain/portals/invites/contact-rule.ts';
import { inviteActor, newInviteSessionId } from '../../../domain/portals/invites/invite-session.ts';
import { createRateLimit } from '../../../platform/rate-limits.ts';
import { contactFields } from '../../community-member.ts';
import type { ApiDeps } from '../../deps.ts';
import { networkOf, sourceOf } from '../../source.ts';
import { NoticeError, publicAnswers, sendPage } from '../answers.ts';
import { takeOrRefuse } from '../limits.ts';
import { languageOf } from '../messages/messages.ts';
import { refuseOtherSites } from '../same-site.ts';
import { seeOther } from '../see-other.ts';
import {
  EMPTY_FORM,
  type FieldFault,
  linkSentPage,
  publicPortalPage,
  VISITOR_DELIVERIES,
  type VisitorDelivery,
} from './public-portal-page.ts';

/** Links that one address, or IPv6 network, may ask for: many people may stand behind one. */
const ASKS = { name: 'portal-ask', tries: 60, seconds: 600 };

/** Links that are sent to one e-mail address or phone; who asks for more is told the same. */
const SENT = { name: 'portal-sent', tries: 3, seconds: 3600 };

const delivery = z.enum(VISITOR_DELIVERIES);

/** Mounts the page. GET and HEAD change nothing. */
export function publicPortalRoutes(router: Router, deps: ApiDeps): void {
  const asks = createRateLimit(deps.database, ASKS);
  const sent = createRateLimit(deps.database, SENT);
  const answers = publicAnswers(deps.logger, 'html');
  const address = '/p/:organization/:slug';

  router.get(address, answers, async (ctx) => {
    ctx.state.route = '/p/{organization}/{slug}';
    const portal = await known(ctx);
    const told = delivery.safeParse(ctx.query.sent);
    sendPage(ctx, 200, (language) =>
      told.success
        ? linkSentPage(language, told.data)
        : publicPortalPage(language, portal, EMPTY_FORM),
    );
  });

  router.post(address, answers, async (ctx) => {
    ctx.state.route = '/p/{organization}/{slug}';
    refuseOtherSites(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
    const portal = await known(ctx);
    await takeOrRefuse(asks, networkOf(ctx));
    const entered = read(ctx.request.body, portal);
    if (entered.faults.size > 0) {
      return sendPage(ctx, 422, (language) => publicPortalPage(language, portal, entered));
    }
    await ask(ctx, portal, entered);
    seeOther(ctx, `${ctx.path}?sent=${entered.delivery}`);
  });

  /** The portal, as long as it gives out links. */
  async function known(ctx: Context): Promise<PublicPortal> {
    const { organization = '', slug = '' } = ctx.params;
    const portal = await findPublicPortal(deps.database.em.fork(), organization, slug);
    if (portal === null) throw new NoticeError('unknown');
    if (!portal.isOpen) throw new NoticeError('portal_closed');
    return portal;
  }

  async function ask(ctx: Context, portal: PublicPortal, entered: Entered): Promise<void> {
    const to = entered.delivery === 'email' ? entered.member.email : entered.member.phone;
    const recipient = `${portal.organizationId} ${String(to).toLowerCase()}`;
    if ((await sent.take(recipient)) !== null) return;
    const by = {
      actor: inviteActor(newInviteSessionId(), portal.organizationId),
      source: sourceOf(ctx),
    };
    const language: Language = languageOf(ctx);
    try {
      await act(deps, by, (acting) =>
        askForInvite(acting, deps.linkKeys, portal.id, {
          member: entered.member,
          delivery: entered.delivery,
          language,
        }),
      );
    } catch (error) {
      // Nothing is sent: who asks again must not be told that something is.
      await sent.giveBack(recipient);
      if (error instanceof DomainError && error.code === 'link-dead') {
        throw new NoticeError('portal_closed');
      }
      throw error;
    }
  }
}

interface Entered {
  readonly values: Readonly<Partial<Record<keyof Contact, string>>>;
  readonly delivery: VisitorDelivery;
  readonly member: CommunityMember;
  readonly faults: ReadonlyMap<string, FieldFault>;
}

const member = z.object(contactFields);

/**
 * What a visitor entered, with every fault of it. A field that is asked for the other way of delivery alone
 * is left out; one that is not asked for at all is refused.
 */
function read(body: unknown, portal: PublicPortal): Entered {
  const form = Object(body) as Readonly<Record<string, unknown>>;
  const chosen = delivery.safeParse(form.delivery).data ?? 'email';
  const rules = contactRules(portal.contactInfo, chosen);
  const others = contactRules(portal.contactInfo, chosen === 'email' ? 'sms' : 'email');
  const values: Partial<Record<keyof Contact, string>> = {};
  for (const field of CONTACT_FIELDS) {
    const key = CONTACT_KEYS[field];
    const value = form[key];
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (rules[field] === 'hidden' && others[field] !== 'hidden') continue;
    values[key] = value.trim();
  }
  const parsed = member.safeParse(values);
  const wrong = (parsed.error?.issues ?? []).map(({ path }) => String(path[0]));
  const known = visitorFaults(portal, { member: parsed.data ?? values, delivery: chosen });
  const named = known.map(({ pointer }: Fault) => pointer.slice(pointer.lastIndexOf('/') + 1));
  const faults = new Map<string, FieldFault>([
    ...named.map((field) => [field, field in values ? 'other' : 'required'] as const),
    ...wrong.map((field) => [field, 'other'] as const),
  ]);
  return { values, delivery: chosen, member: parsed.data ?? {}, faults };
}
