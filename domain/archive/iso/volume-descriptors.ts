/** The volume descriptors of ISO 9660 (ECMA-119 section 8), and UDF's recognition sequence. */
import { both16, both32 } from './both-endian.ts';
import { directoryRecord, SELF } from './directory-record.ts';
import { cutUnits, ucs2 } from './joliet-view.ts';
import { primaryCharacters } from './primary-view.ts';
import { SECTOR } from './sectors.ts';
import { longTime, NO_TIME } from './times.ts';

const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const TERMINATOR = 255;

/** UCS-2 level 3, by which readers know Joliet. */
const JOLIET_ESCAPE = '%/E';

const APPLICATION = 'CASEBRIDGE';

export interface VolumeFacts {
  readonly label: string;
  /** Milliseconds of Unix time. */
  readonly created: number;
  /** Sectors of the image. */
  readonly sectors: number;
  readonly pathTableBytes: number;
  /** First sector of the table in each byte order. */
  readonly pathTableLittle: number;
  readonly pathTableBig: number;
  readonly rootSector: number;
  readonly rootBytes: number;
}

function descriptor(type: number, standard: string): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes[0] = type;
  bytes.write(standard, 1, 'latin1');
  bytes[6] = 1;
  return bytes;
}

function volumeDescriptor(
  type: number,
  facts: VolumeFacts,
  text: (value: string, bytes: number) => Buffer,
): Buffer {
  const bytes = descriptor(type, 'CD001');
  text('', 32).copy(bytes, 8);
  text(facts.label, 32).copy(bytes, 40);
  both32(bytes, facts.sectors, 80);
  both16(bytes, 1, 120);
  both16(bytes, 1, 124);
  both16(bytes, SECTOR, 128);
  both32(bytes, facts.pathTableBytes, 132);
  bytes.writeUInt32LE(facts.pathTableLittle, 140);
  bytes.writeUInt32BE(facts.pathTableBig, 148);
  directoryRecord({
    identifier: SELF,
    sector: facts.rootSector,
    bytes: facts.rootBytes,
    modified: facts.created,
    isFolder: true,
    continues: false,
    systemUse: Buffer.alloc(0),
  }).copy(bytes, 156);
  text('', 128).copy(bytes, 190);
  text('', 128).copy(bytes, 318);
  text('', 128).copy(bytes, 446);
  text(APPLICATION, 128).copy(bytes, 574);
  text('', 37).copy(bytes, 702);
  text('', 37).copy(bytes, 739);
  text('', 37).copy(bytes, 776);
  longTime(facts.created).copy(bytes, 813);
  longTime(facts.created).copy(bytes, 830);
  NO_TIME.copy(bytes, 847);
  NO_TIME.copy(bytes, 864);
  bytes[881] = 1;
  return bytes;
}

export function primaryDescriptor(facts: VolumeFacts): Buffer {
  return volumeDescriptor(PRIMARY, facts, (value, bytes) =>
    Buffer.from(primaryCharacters(value, bytes).padEnd(bytes), 'latin1'),
  );
}

export function jolietDescriptor(facts: VolumeFacts): Buffer {
  const bytes = volumeDescriptor(SUPPLEMENTARY, facts, (value, length) => {
    const units = Math.floor(length / 2);
    return Buffer.concat([ucs2(cutUnits(value, units).padEnd(units)), Buffer.alloc(length % 2)]);
  });
  bytes.write(JOLIET_ESCAPE, 88, 'latin1');
  return bytes;
}

/** The terminator, then the three descriptors by which readers know UDF (ECMA-167 part 2, 9). */
export function recognitionSequence(): Buffer {
  return Buffer.concat([
    descriptor(TERMINATOR, 'CD001'),
    ...['BEA01', 'NSR02', 'TEA01'].map((standard) => descriptor(0, standard)),
  ]);
}
