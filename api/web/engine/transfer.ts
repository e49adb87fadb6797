/** One file on its way, as a state machine: what it is, and what may happen to it. */
import type { ListedPart } from '../contract.ts';

/** How a file is cut; fixed when its upload began. */
export interface UploadPlan {
  readonly uploadId: string;
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

/** Why a file did not get there. Codes of the API, and these of our own. */
export interface Failure {
  readonly code: string;
  /** What the API said, in English; '' where our own words say it. */
  readonly detail: string;
}

/** What became of a file. */
export type Outcome =
  | { readonly type: 'verified' }
  | { readonly type: 'duplicate' }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** All of it was taken, but the link ended before its check did. */
  | { readonly type: 'unconfirmed' };

export type Phase =
  /** In the list, not sent until somebody says so. */
  | { readonly type: 'listed' }
  /** To be begun, or asked for how far it is, when it is its turn. */
  | { readonly type: 'waiting' }
  /** Another tab of the browser sends it; asked again now and then. */
  | { readonly type: 'elsewhere' }
  | { readonly type: 'opening' }
  | ({ readonly type: 'sending' } & Sending)
  | ({ readonly type: 'completing' } & Sending)
  | { readonly type: 'verifying'; readonly plan: UploadPlan }
  | { readonly type: 'ended'; readonly outcome: Outcome };

interface Sending {
  readonly plan: UploadPlan;
  /** The entity tags of the parts that the store has confirmed. */
  readonly etags: ReadonlyMap<number, string>;
  /** Numbers of the parts that are on their way at this moment. */
  readonly running: ReadonlySet<number>;
}

/** A file in the list of the page. */
export interface Transfer {
  readonly size: number;
  readonly phase: Phase;
  /** Troubles in a row since something last went well. */
  readonly troubles: number;
  /** Milliseconds of the engine's clock before which nothing is tried again. */
  readonly notBefore: number;
}

/** What the API says of an upload, as far as it decides what comes next. */
export type Seen =
  | { readonly type: 'open'; readonly plan: UploadPlan; readonly listed: readonly ListedPart[] }
  | { readonly type: 'verifying'; readonly plan: UploadPlan }
  | { readonly type: 'settled'; readonly outcome: Outcome };

export type TransferEvent =
  /** The user wants it sent: for the first time, or once more. */
  | { readonly type: 'wanted' }
  | { readonly type: 'opening' }
  /** Another tab has it, which is asked for again at `notBefore`. */
  | { readonly type: 'elsewhere'; readonly notBefore: number }
  | { readonly type: 'seen'; readonly seen: Seen }
  | { readonly type: 'part-begun'; readonly number: number }
  | { readonly type: 'part-stored'; readonly number: number; readonly etag: string }
  /** It did not get there; it is sent again. */
  | { readonly type: 'part-lost'; readonly number: number }
  | { readonly type: 'completing' }
  /** Completion was refused for these parts. */
  | { readonly type: 'parts-refused'; readonly numbers: readonly number[] }
  /** Something that may go better at `notBefore`. */
  | { readonly type: 'troubled'; readonly notBefore: number }
  /** There is hope again: the network is back, or the user says try now. */
  | { readonly type: 'relieved' }
  /** What was on its way for it was broken off. */
  | { readonly type: 'stopped' }
  /** What is known of it may be wrong: ask the API. */
  | { readonly type: 'doubted' }
  | { readonly type: 'ended'; readonly outcome: Outcome };

/** A file that was chosen and is not sent yet. */
export function listedTransfer(size: number): Transfer {
  return { size, phase: { type: 'listed' }, troubles: 0, notBefore: 0 };
}
