/** The calls of whoever holds a session of an invite: `/guest/v1/invites/{inviteId}`. */
import type { z } from 'zod';
import { notFound } from '../../domain/errors.ts';
import { inviteDead, inviteParty } from '../../domain/portals/invites/invite-party.ts';
import { type InviteGrant, inviteActor } from '../../domain/portals/invites/invite-session.ts';
import { type Receipt, readReceipt } from '../../domain/portals/submissions/receipt.ts';
import { submitFiles } from '../../domain/portals/submissions/submit.ts';
import { acceptTerms, readTerms } from '../../domain/portals/submissions/terms.ts';
import { languageOf } from '../pages/messages/messages.ts';
import { authorisedForInvite } from './authorised.ts';
import type { GuestKind } from './guest-kind.ts';
import { type GuestRoute, guestRoute, PREFIX_ONLY } from './guest-route.ts';
import { readInviteFacts, uploadsOfInvite } from './invite-facts.ts';
import {
  inviteFacts,
  inviteParams,
  newInviteUpload,
  newSubmission,
  receiptView,
} from './invite-schema.ts';
import { recordInviteRefusal } from './refusals.ts';
import { guestUploadRoutes } from './upload-routes.ts';

/** A grant that lets files be sent. */
type SendingGrant = InviteGrant & { readonly state: 'open' | 'expired' };

/** @param narrowed gives what is enough for these calls; null for a refusal, which is recorded */
function kindOf<Grant extends InviteGrant>(
  narrowed: (grant: InviteGrant) => Grant | null,
): GuestKind<Grant> {
  return {
    prefix: '/guest/v1/invites/{inviteId}',
    params: inviteParams,
    tag: 'Community members',
    operation: 'GuestInvite',
    cookie: 'the link of the invite was exchanged for (`POST /i/{token}`)',
    async authorise(ctx, deps) {
      const grant = await authorisedForInvite(ctx, deps, inviteDead);
      const enough = narrowed(grant);
      if (enough !== null) return enough;
      await recordInviteRefusal(ctx, deps, grant, { type: 'dead-link', reason: grant.state });
      throw inviteDead(grant.state);
    },
    actorOf: ({ sessionId, organizationId }) => inviteActor(sessionId, organizationId),
    // Whoever holds a session of the invite is the one community member.
    keyOwnerOf: ({ inviteId }) => inviteId,
    partyOf: inviteParty,
    uploadsOf: uploadsOfInvite,
    recordRefusal: (ctx, deps, grant, reason) =>
      recordInviteRefusal(ctx, deps, grant, { type: 'file', reason }),
  };
}

/** The community member of an invite, as long as nothing was handed in. */
export const INVITE_GUEST = kindOf<SendingGrant>((grant) => {
  const { state } = grant;
  return state === 'used_up' ? null : { ...grant, state };
});

/** The same, before and after. */
export const SUBMITTING_GUEST = kindOf<InviteGrant>((grant) => grant);

/** What is asked, and sending files. */
export const INVITE_GUEST_ROUTES: readonly GuestRoute[] = [
  guestRoute(
    INVITE_GUEST,
    {
      method: 'get',
      path: '',
      summary: 'Read what is collected and asked, until when, and what was sent so far',
      params: PREFIX_ONLY,
      answers: { 200: { description: 'The facts', body: inviteFacts } },
    },
    async ({ ctx, deps, grant }) => ({
      status: 200,
      body: await readInviteFacts(deps.database.em.fork(), grant, languageOf(ctx)),
    }),
  ),
  ...guestUploadRoutes(INVITE_GUEST, {
    body: newInviteUpload,
    fileOf: (_grant, body) => ({ ...body, caseId: null, title: null, recordedAt: null }),
  }),
];

/** Handing in, and what was handed in. */
export const SUBMITTING_GUEST_ROUTES: readonly GuestRoute[] = [
  guestRoute(
    SUBMITTING_GUEST,
    {
      method: 'post',
      path: '/submission',
      summary: 'Hand in everything that was sent',
      description:
        'Once, and all of it: files that are still being sent or verified refuse it. Nothing more is taken through the link afterwards.',
      params: PREFIX_ONLY,
      body: newSubmission,
      answers: { 201: { description: 'A receipt', body: receiptView } },
      problems: ['wrong-state'],
    },
    async ({ ctx, deps, grant, body, commandOnce }) =>
      commandOnce(async (act) => {
        const terms = await readTerms(act.em, grant.organizationId, languageOf(ctx));
        await submitFiles(act, deps.linkKeys, grant, {
          communityMember: body.communityMember,
          terms: acceptTerms(terms, body.acceptedTerms, new Date()),
        });
        await act.em.flush();
        const receipt = await readReceipt(act.em, grant.inviteId);
        if (receipt === null) throw new Error('what was just handed in is gone');
        return { status: 201, body: presentReceipt(receipt) };
      }),
  ),
  guestRoute(
    SUBMITTING_GUEST,
    {
      method: 'get',
      path: '/submission',
      summary: 'Read the receipt',
      params: PREFIX_ONLY,
      answers: { 200: { description: 'What was handed in', body: receiptView } },
      problems: ['not-found'],
    },
    async ({ deps, grant }) => {
      const receipt = await readReceipt(deps.database.em.fork(), grant.inviteId);
      if (receipt === null) throw notFound('submission: nothing was handed in yet');
      return { status: 200, body: presentReceipt(receipt) };
    },
  ),
];

function presentReceipt({ id, submittedAt, files }: Receipt): z.input<typeof receiptView> {
  return {
    id,
    submittedAt: submittedAt.toISOString(),
    files: files.map(({ id: fileId, name, size, sha256, caption }) => ({
      id: fileId,
      fileName: name,
      size,
      sha256,
      caption,
    })),
  };
}
