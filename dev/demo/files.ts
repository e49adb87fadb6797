import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import type { DemoFile } from './api.ts';

/** A picture: a grey scale with a bright square, as a camera at night might see it (PNG, RFC 2083). */
function picture(width: number, height: number): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const lit = Math.abs(x - width / 2) < 60 && Math.abs(y - height / 2) < 60;
      rows[y * (width + 1) + 1 + x] = lit ? 220 : Math.floor((x / width) * 60 + (y / height) * 40);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A sound: two seconds of a tone, as 8-bit mono PCM in a WAVE file. */
function tone(hertz: number): Buffer {
  const rate = 8_000;
  const samples = Buffer.alloc(rate * 2, 0);
  for (let n = 0; n < samples.length; n += 1) {
    samples[n] = Math.round(128 + 80 * Math.sin((2 * Math.PI * hertz * n) / rate));
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** Files of the kinds that cases hold, with names that archives must carry unharmed. */
export const DEMO_FILES: readonly DemoFile[] = [
  {
    name: 'statements/witness statement.txt',
    contentType: 'text/plain',
    recordedAt: '2026-03-02T09:30:00.000Z',
    content: Buffer.from('At about ten in the evening I saw a light in the warehouse.\n'),
  },
  {
    name: 'cameras/gate – north.png',
    contentType: 'image/png',
    recordedAt: '2026-03-01T22:04:11.000Z',
    content: picture(640, 360),
  },
  {
    name: 'cameras/Камера 3.png',
    contentType: 'image/png',
    recordedAt: '2026-03-01T22:05:40.000Z',
    content: picture(800, 450),
  },
  {
    name: 'cameras/gate – south.webm',
    contentType: 'video/webm',
    recordedAt: '2026-03-01T22:06:15.000Z',
    // Six seconds of a light that wanders along a fence, drawn and recorded by a browser (VP8).
    content: readFileSync(new URL('gate.webm', import.meta.url)),
    source: { model: 'Gate camera', serialNumber: 'GC-0117' },
  },
  {
    name: 'calls/緊急通報.wav',
    contentType: 'audio/wav',
    recordedAt: '2026-03-01T22:07:02.000Z',
    content: tone(440),
  },
  {
    name: 'access log.csv',
    contentType: 'text/csv',
    recordedAt: '2026-03-01T23:00:00.000Z',
    content: Buffer.from(
      'time,door,event\n22:03:58,north gate,opened\n22:19:27,north gate,closed\n',
    ),
  },
];
