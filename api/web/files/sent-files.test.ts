import { type Busy, readinessOf, type SentFile, sentFilesOf } from './sent-files.ts';

const IDLE: Busy = {
  ...{ listed: { count: 0, bytes: 0 }, unsentCount: 0, verifyingCount: 0, elsewhereCount: 0 },
  failedCount: 0,
};
const file = (state: SentFile['state']): SentFile => ({
  ...{ id: state, path: `${state}.jpg`, size: 1, state, caption: '' },
});

test.each([
  ['nothing was sent', [], IDLE, { type: 'nothing' }],
  ['all of it is verified', ['verified', 'verified'], IDLE, { type: 'ready' }],
  ['one is being checked', ['verified', 'verifying'], IDLE, { type: 'waiting' }],
  ['one is on its way', ['verified'], { ...IDLE, unsentCount: 1 }, { type: 'waiting' }],
  ['another tab sends one', ['verified'], { ...IDLE, elsewhereCount: 1 }, { type: 'waiting' }],
  [
    'some are chosen and not sent',
    ['verified'],
    { ...IDLE, listed: { count: 2, bytes: 9 } },
    { type: 'listed', count: 2 },
  ],
  ['one has failed', ['verified'], { ...IDLE, failedCount: 1 }, { type: 'failed', count: 1 }],
  [
    'an earlier visit left one in part',
    ['verified', 'uploading'],
    IDLE,
    { type: 'unfinished', count: 1 },
  ],
] as const)(
  'where %s, that decides whether it can be handed in',
  (_what, states, busy, readiness) => {
    expect(readinessOf(states.map(file), busy)).toEqual(readiness);
  },
);

test('of the uploads those count that are handed in, or in the way of it, in the order of their beginning', () => {
  const upload = (id: string, state: string, caption: string | null = null) => ({
    ...{ id, fileName: `${id}.jpg`, size: 3, state, caption },
  });
  const uploads = [
    upload('c', 'verified', 'The gate'),
    upload('a', 'uploading'),
    upload('b', 'duplicate'),
    upload('d', 'failed'),
  ];
  expect(sentFilesOf({ uploads })).toEqual([
    { id: 'a', path: 'a.jpg', size: 3, state: 'uploading', caption: '' },
    { id: 'c', path: 'c.jpg', size: 3, state: 'verified', caption: 'The gate' },
  ]);
});
