import { ROOT_UNITS, safeFolderName } from '../../domain/archive/names.ts';

/** The name under which a package is saved: its case's number, as its top folder has it. */
export function packageName(caseNumber: string): string {
  return `${safeFolderName(caseNumber, ROOT_UNITS)}.zip`;
}
