/** Does one step of one file. */
import { partRange } from '../../../domain/evidence/uploads/parts-to-send.ts';
import { createAddresses } from './addresses.ts';
import type { Entry, FileId } from './entry.ts';
import { missing, type Step } from './next-steps.ts';
import { openUpload, seenOf } from './opening.ts';
import type { EnginePorts } from './ports.ts';
import type { TransferEvent } from './transfer.ts';

/** The event with which a step begins: from then on it is not begun again. */
export function beginningOf(step: Step<FileId>): TransferEvent {
  switch (step.type) {
    case 'open':
      return { type: 'opening' };
    case 'send':
      return { type: 'part-begun', number: step.number };
    case 'complete':
      return { type: 'completing' };
    default:
      return step satisfies never;
  }
}

/**
 * Does a step; gives the event that it ends with.
 * @throws what the ports throw
 */
export async function effectOf(
  step: Step<FileId>,
  entry: Entry,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<TransferEvent> {
  switch (step.type) {
    case 'open': {
      if (!(await isClaimed(entry, ports))) {
        return { type: 'elsewhere', notBefore: ports.clock.now() + ASK_AGAIN };
      }
      const upload = await openUpload(ports, entry, signal);
      entry.key = ports.clock.newKey();
      entry.addresses = createAddresses(upload.id, ports.api, ports.clock);
      return { type: 'seen', seen: seenOf(upload) };
    }
    case 'send':
      return {
        type: 'part-stored',
        number: step.number,
        etag: await send(step, entry, ports, signal),
      };
    case 'complete': {
      const { uploadId, size } = step.plan;
      const upload = await ports.api.complete(uploadId, size, step.etags, signal);
      return { type: 'seen', seen: seenOf(upload) };
    }
    default:
      return step satisfies never;
  }
}

/** Milliseconds after which a file that another tab has is asked for again. */
const ASK_AGAIN = 5_000;

/** Claims a file for this tab, where it is not claimed already. */
async function isClaimed(entry: Entry, { claims }: Pick<EnginePorts, 'claims'>): Promise<boolean> {
  const claim = entry.claim ?? claims.take(entry.source);
  entry.claim = claim;
  if ((await claim) !== null) return true;
  if (entry.claim === claim) entry.claim = null;
  return false;
}

/** Parts of which those that come next are chosen when addresses are signed. */
const LOOK_AHEAD = 32;

async function send(
  { plan, number }: Extract<Step<FileId>, { type: 'send' }>,
  entry: Entry,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<string> {
  const { phase } = entry.transfer;
  entry.addresses ??= createAddresses(plan.uploadId, ports.api, ports.clock);
  const unsent =
    phase.type === 'sending' ? missing({ ...phase, running: new Set() }, LOOK_AHEAD) : [];
  const upcoming = unsent.filter((other) => other > number);
  const address = await entry.addresses.take(number, upcoming, signal);
  signal.throwIfAborted();
  const { offset, length } = partRange(plan, number);
  const onSent = (bytes: number) => {
    if (!signal.aborted) entry.onTheWay.set(number, Math.min(bytes, length));
  };
  try {
    const bytes = entry.source.slice(offset, offset + length);
    return await ports.sendPart(bytes, address, { onSent, signal });
  } finally {
    // What was broken off was forgotten with everything else that was on its way.
    if (!signal.aborted) entry.onTheWay.delete(number);
  }
}
