/** Compares what clients were told with what there is. Pure. */
import { ACTS, type LedgerAct } from './ledger.ts';
import type { KeptState } from './ledger-state.ts';

/** What is wrong: gone, there twice, other than it was, or not at rest. */
export interface LedgerFinding {
  readonly kind: 'lost' | 'twice' | 'altered' | 'from nowhere' | 'mail' | 'unsettled';
  readonly what: string;
}

/** Actions of lives of which each thing, the first that an event names, has one at most. */
const ONCE = new Set([
  ...Object.values(ACTS),
  'evidence.verified',
  'evidence.received',
  'share.activated',
  'share.delivered',
  'request.invited',
  'invite.sent',
]);
/** These name a thing again for each time that it happens. */
const SEVERAL = new Set<string>([ACTS['link.extend']]);

/** Finds whatever contradicts the ledger; nothing where all is well. */
export function checkLedger(acts: readonly LedgerAct[], state: KeptState): LedgerFinding[] {
  return [
    ...madeThings(acts, state),
    ...changedThings(acts, state),
    ...filesAsSent(acts, state),
    ...events(acts, state),
    ...mails(acts, state),
    ...state.brokenChains.map((what) => finding('altered', `audit chain of ${what}`)),
    ...state.inventory.map((what) => finding('altered', `inventory: ${what}`)),
    ...state.unsettled.map((what) => finding('unsettled', what)),
  ];
}

function finding(kind: LedgerFinding['kind'], what: string): LedgerFinding {
  return { kind, what };
}

/** `ok ⊆ state ⊆ ok ∪ info`: what was acknowledged is there, once, and nothing that nobody asked for. */
function madeThings(acts: readonly LedgerAct[], { made }: KeptState): LedgerFinding[] {
  const key = (name: string, marker: string | null) => `${name} ${marker}`;
  const there = Map.groupBy(made, ({ name, marker }) => key(name, marker));
  const asked = new Map(
    acts.filter(({ marker }) => marker !== null).map((act) => [key(act.name, act.marker), act]),
  );
  const ofLedger = [...asked].flatMap(([what, act]) => {
    const found = there.get(what) ?? [];
    const ids = found.map(({ id }) => id);
    if (found.length > 1) return [finding('twice', `${what}: ${ids.join(', ')}`)];
    if (act.outcome === 'acknowledged' && !ids.includes(act.made ?? '')) {
      return [finding('lost', `${what}, acknowledged as ${act.made}`)];
    }
    return act.outcome === 'refused' && found.length > 0
      ? [finding('from nowhere', `${what} was refused, and is there`)]
      : [];
  });
  const unasked = [...there.keys()].filter((what) => !asked.has(what));
  return [...ofLedger, ...unasked.map((what) => finding('from nowhere', what))];
}

/** What was acknowledged as revoked, closed, handed in or extended is so, and stays so. */
function changedThings(acts: readonly LedgerAct[], { ended, days }: KeptState): LedgerFinding[] {
  return acts.flatMap(({ name, entity, expects, outcome }) => {
    if (outcome !== 'acknowledged' || entity === null) return [];
    switch (name) {
      case 'share.revoke':
      case 'request.close':
      case 'submission':
        return ended.has(entity) ? [] : [finding('lost', `${name} of ${entity}`)];
      case 'link.extend':
        return days.get(entity) === expects
          ? []
          : [finding('lost', `${name} of ${entity} to ${expects} days: ${days.get(entity)}`)];
      default:
        return [];
    }
  });
}

/** Each acknowledged upload is verified with the client's SHA-256, and so are its bytes; each copy too. */
function filesAsSent(acts: readonly LedgerAct[], { files }: KeptState): LedgerFinding[] {
  const uploads = new Map(files.filter(({ origin }) => origin === 'upload').map((f) => [f.id, f]));
  const sent = acts.filter(
    ({ name, outcome }) => name === 'upload.complete' && outcome === 'acknowledged',
  );
  const faults = sent.flatMap(({ entity, expects }) => {
    const file = uploads.get(entity ?? '');
    if (file === undefined) return [finding('lost', `upload ${entity}`)];
    return file.state === 'verified' && file.sha256 === expects && file.storedSha256 === expects
      ? []
      : [finding('altered', `upload ${entity}: ${JSON.stringify(file)}, sent ${expects}`)];
  });
  const copies = files.filter(
    ({ origin, sha256, storedSha256 }) => origin === 'copy' && sha256 !== storedSha256,
  );
  return [...faults, ...copies.map((file) => finding('altered', `copy: ${JSON.stringify(file)}`))];
}

/** Each acknowledged act has its event, and none has two. */
function events(acts: readonly LedgerAct[], { events: kept }: KeptState): LedgerFinding[] {
  const counted = new Map<string, number>();
  for (const { action, objects } of kept) {
    for (const id of objects) {
      const what = `${action} ${id}`;
      counted.set(what, (counted.get(what) ?? 0) + 1);
    }
  }
  const byEvent = Map.groupBy(acts, (act) => `${ACTS[act.name]} ${act.entity ?? act.made}`);
  const ofActs = [...byEvent].flatMap(([what, own]) => {
    const certain = own.filter(({ outcome }) => outcome === 'acknowledged').length;
    const possible = own.filter(({ outcome }) => outcome !== 'refused').length;
    const found = counted.get(what) ?? 0;
    if (certain > found) return [finding('lost', `event ${what}: ${found} of ${certain}`)];
    return found > possible && possible > 0
      ? [finding('twice', `event ${what}: ${found}, asked for ${possible} times`)]
      : [];
  });
  const onceEach = Map.groupBy(
    kept.filter(({ action }) => ONCE.has(action) && !SEVERAL.has(action)),
    ({ action, objects }) => `${action} ${objects[0]}`,
  );
  const doubled = [...onceEach].filter(([, same]) => same.length > 1);
  return [
    ...ofActs,
    ...doubled.map(([what, same]) => finding('twice', `${same.length} × ${what}`)),
  ];
}

/**
 * Every mail is settled; each arrived once, unless its outcome was in doubt and it may be repeated: then
 * with the same Message-ID and the same content. None reminds of what was closed before.
 */
function mails(acts: readonly LedgerAct[], state: KeptState): LedgerFinding[] {
  const arrived = Map.groupBy(state.deliveries, ({ messageId }) => localPart(messageId));
  const rows = new Map(state.mails.map((mail) => [mail.messageId, mail]));
  const ofRows = state.mails.flatMap((mail) => {
    const count = arrived.get(mail.messageId)?.length ?? 0;
    if (mail.state === 'sent' && count === 0) return [finding('lost', `mail ${mail.messageId}`)];
    if (mail.state === 'pending' || mail.state === 'sending') {
      return [finding('unsettled', `mail ${mail.messageId} is ${mail.state}`)];
    }
    return mail.state === 'failed' && mail.failure === null
      ? [finding('mail', `${mail.messageId} failed without a reason`)]
      : [];
  });
  const ofSink = [...arrived].flatMap(([messageId, same]) => {
    const row = rows.get(messageId);
    if (row === undefined) return [finding('from nowhere', `mail ${messageId}`)];
    if (same.length === 1) return [];
    const isExcused = row.repeatable && row.attempts >= same.length;
    const contents = new Set(same.map(({ contentHash }) => contentHash));
    if (!isExcused)
      return [finding('twice', `mail ${messageId} (${row.kind}), ${same.length} times`)];
    return contents.size === 1
      ? []
      : [finding('altered', `mail ${messageId} was sent in two forms`)];
  });
  const closed = new Map(
    acts
      .filter(({ name, outcome }) => name === 'request.close' && outcome === 'acknowledged')
      .map(({ entity, acknowledgedAt }) => [entity, acknowledgedAt ?? 0]),
  );
  const late = state.deliveries.filter(({ messageId, at }) => {
    const row = rows.get(localPart(messageId));
    return row?.kind === 'upload-reminder' && at > (closed.get(row.subjectId) ?? at) + IN_FLIGHT;
  });
  return [
    ...ofRows,
    ...ofSink,
    ...late.map(({ messageId }) => finding('mail', `reminder ${messageId} came after the close`)),
  ];
}

/** Milliseconds for which a mail that was claimed before a close may still be on its way. */
const IN_FLIGHT = 30_000;

/** What the row keeps of a Message-ID. */
function localPart(messageId: string): string {
  return messageId.replace(/^<|@.*$/g, '');
}

/** Mails that arrived more than once. */
export function repeatedMails({ deliveries }: Pick<KeptState, 'deliveries'>): number {
  const byId = Map.groupBy(deliveries, ({ messageId }) => messageId);
  return [...byId.values()].filter((same) => same.length > 1).length;
}
