import { renderReport } from '../../platform/pdf/report.ts';
import type { Trail } from './trail.ts';

/**
 * An audit trail as a PDF: what is known about the object, how often it was looked at, and the table of
 * events: #, date, time, user, activity. Times are of the organization's time zone.
 */
export async function renderTrail(trail: Trail, now: Date): Promise<Buffer> {
  const { name, timeZone } = trail.organization;
  const { accesses } = trail;
  const date = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  const instant = (at: Date) => `${date.format(at)} ${time.format(at)}`;
  return renderReport({
    title: trail.title,
    createdAt: now,
    footer: `${name} · ${trail.title} · made ${instant(now)}`,
    facts: [
      { heading: name, entries: [...trail.facts, ['Time zone', timeZone]] },
      ...(accesses === null
        ? []
        : [
            {
              heading: 'Accesses',
              entries: [
                ['Page views', String(accesses.pageViews)],
                ['File downloads', String(accesses.fileDownloads)],
                ['Video playbacks', String(accesses.videoPlaybacks)],
                [
                  'Last viewed or downloaded on',
                  accesses.lastAt === null ? 'never' : instant(accesses.lastAt),
                ],
              ] as const,
            },
          ]),
    ],
    table: {
      heading: 'Audit events',
      columns: [
        { label: '#', width: 34 },
        { label: 'Date', width: 66 },
        { label: 'Time', width: 104 },
        { label: 'User', width: 130 },
        { label: 'Activity', width: 166 },
      ],
      rows: trail.events.map((event, index) => [
        String(index + 1),
        date.format(event.at),
        time.format(event.at),
        event.user,
        event.activity,
      ]),
      empty: 'Nothing happened yet.',
    },
  });
}
