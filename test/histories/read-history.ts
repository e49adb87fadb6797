import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

type History = ReturnType<typeof historyFromJSON>;

const SUFFIX = '.json.gz';

/** A recorded life: which kind, what happened to it, and by which version of the loop. */
export interface Recorded {
  readonly name: string;
  readonly kind: string;
  readonly course: string;
  readonly version: number;
}

/** Every history of this folder. */
export function recordedHistories(): readonly Recorded[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => {
      const name = file.slice(0, -SUFFIX.length);
      const [kind = '', course = '', version = ''] = name.split('.');
      return { name, kind, course, version: Number(version) };
    });
}

/** The history as Temporal gave it out; `change` may make another one of its text. */
export function readHistory({ name }: Recorded, change = (json: string) => json): History {
  const file = `${import.meta.dirname}/${name}${SUFFIX}`;
  return historyFromJSON(JSON.parse(change(gunzipSync(readFileSync(file)).toString())));
}

/** What operators read beside the activities and the timers of a history. */
export function summariesIn(history: History): {
  readonly activities: readonly string[];
  readonly timers: readonly string[];
} {
  const activities: string[] = [];
  const timers: string[] = [];
  for (const event of history.events ?? []) {
    const payload = event.userMetadata?.summary;
    const summary = payload == null ? '' : defaultPayloadConverter.fromPayload<string>(payload);
    if (event.activityTaskScheduledEventAttributes != null) activities.push(summary);
    if (event.timerStartedEventAttributes != null) timers.push(summary);
  }
  return { activities, timers };
}
