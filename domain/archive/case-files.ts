/** The case's metadata as a bag holds it: `case.json` for programs, two CSV files for spreadsheets. */
import type { DescribedFile, DescribedManifest } from './manifest.ts';
import { linesFile, type TagFile, textFile } from './tag-file.ts';

/** The metadata files of a bag. */
export function caseFiles(manifest: DescribedManifest): TagFile[] {
  return [caseJson(manifest), caseCsv(manifest), evidenceCsv(manifest)];
}

function caseJson(manifest: DescribedManifest): TagFile {
  const { sharing, organization, files } = manifest;
  const head = JSON.stringify({
    caseNumber: manifest.case.number,
    title: manifest.case.title,
    description: sharing.caseDescription,
    tags: sharing.caseTags,
    organization: { name: organization.name },
    asOf: manifest.createdAt,
  });
  return linesFile('case.json', {
    before: `${head.slice(0, -1)},"evidence":[`,
    items: files,
    line: (file, index) => `${index === 0 ? '\n' : ',\n'}${JSON.stringify(evidenceEntry(file))}`,
    after: '\n]}\n',
  });
}

/** A piece of evidence in the words of the evidence API. */
function evidenceEntry({ evidence, evidenceId, path, originalName, size, sha256 }: DescribedFile) {
  return {
    id: evidenceId,
    evidenceNumber: evidence.evidenceNumber,
    title: evidence.title,
    description: evidence.description,
    file: {
      path: `data/${path}`,
      name: originalName,
      contentType: evidence.contentType,
      size,
      sha256,
    },
    recordedAt: evidence.recordedAt,
    uploadedAt: evidence.uploadedAt,
    tags: evidence.tags,
    sensitiveContentWarning: evidence.sensitiveContentWarning,
    source: evidence.source,
    location: evidence.location,
    multicamGroup: evidence.multicamGroup,
    fleet: evidence.fleet,
  };
}

function caseCsv({ case: shared, sharing, organization, createdAt }: DescribedManifest): TagFile {
  const rows: readonly (readonly Cell[])[] = [
    ['Field', 'Value'],
    ['Case number', shared.number],
    ['Title', shared.title],
    ['Description', sharing.caseDescription],
    ['Tags', sharing.caseTags.join('; ')],
    ['Organization', organization.name],
    ['As of', createdAt],
  ];
  return textFile('case.csv', BYTE_ORDER_MARK + rows.map(csvLine).join(''));
}

/** Columns of `evidence.csv` and what stands in them. */
const COLUMNS: readonly (readonly [header: string, cell: (file: DescribedFile) => Cell])[] = [
  ['Evidence number', ({ evidence }) => evidence.evidenceNumber],
  ['Title', ({ evidence }) => evidence.title],
  ['Description', ({ evidence }) => evidence.description],
  ['File', ({ path }) => `data/${path}`],
  ['Original file name', ({ originalName }) => originalName],
  ['Content type', ({ evidence }) => evidence.contentType],
  ['Bytes', ({ size }) => size],
  ['SHA-256', ({ sha256 }) => sha256],
  ['Recorded at', ({ evidence }) => evidence.recordedAt],
  ['Uploaded at', ({ evidence }) => evidence.uploadedAt],
  ['Tags', ({ evidence }) => evidence.tags.join('; ')],
  ['Sensitive content', ({ evidence }) => (evidence.sensitiveContentWarning ? 'yes' : 'no')],
  ['Source model', ({ evidence }) => evidence.source.model],
  ['Source serial number', ({ evidence }) => evidence.source.serialNumber],
  ['Latitude', ({ evidence }) => evidence.location?.latitude],
  ['Longitude', ({ evidence }) => evidence.location?.longitude],
  ['Address', ({ evidence }) => evidence.location?.address],
  ['Multicam group', ({ evidence }) => evidence.multicamGroup],
  ['Fleet generation', ({ evidence }) => evidence.fleet?.generation],
  ['Vehicle', ({ evidence }) => evidence.fleet?.vehicleId],
  ['Vehicle device serial number', ({ evidence }) => evidence.fleet?.serialNumber],
  ['Vehicle device model', ({ evidence }) => evidence.fleet?.model],
  ['Camera mount position', ({ evidence }) => evidence.fleet?.cameraMountPosition],
];

function evidenceCsv({ files }: DescribedManifest): TagFile {
  return linesFile('evidence.csv', {
    before: BYTE_ORDER_MARK + csvLine(COLUMNS.map(([header]) => header)),
    items: files,
    line: (file) => csvLine(COLUMNS.map(([, cell]) => cell(file))),
  });
}

type Cell = string | number | null | undefined;

/** Without it Excel takes the file for another encoding. */
const BYTE_ORDER_MARK = '\ufeff';

/** RFC 4180, for spreadsheets: what one of them would run as a formula begins with an apostrophe. */
function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NOT_PLAIN = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]|[",\r\n]/;

function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  if (!NOT_PLAIN.test(cell)) return cell;
  const inert = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
