/**
 * Which names of files are taken. A name is kept as it was given; archives and disks get a safe form
 * of it (`domain/archive/names.ts`), so only what would deceive or break is refused.
 */

/** Longest name with its folders, in UTF-16 units. */
const LONGEST_FILE_NAME = 1_000;

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Marks that make a name show in another order than it has: `gpj.exe` for `exe.jpg` (Unicode TR 36). */
const DIRECTION = /\p{Bidi_Control}/u;

/** Every reason why a name is refused, as sentences; none for a name that is taken. */
export function fileNameFaults(name: string): string[] {
  const faults: string[] = [];
  if (name === '') return ['Must not be empty.'];
  if (name.length > LONGEST_FILE_NAME) {
    faults.push(`At most ${LONGEST_FILE_NAME} characters, its folders included.`);
  }
  if (!name.isWellFormed()) faults.push('Must be well-formed Unicode.');
  if (CONTROL.test(name)) faults.push('Must not have control characters or line breaks.');
  if (DIRECTION.test(name)) {
    faults.push(
      'Must not have marks that change the direction of text: the name would show as another. Rename the file.',
    );
  }
  const components = name.split('/');
  if (components.includes('')) {
    faults.push('Must be relative, and no folder in it may have an empty name.');
  }
  if (name.split(/[/\\]/).some((component) => component === '.' || component === '..')) {
    faults.push('Must not have "." or ".." as a folder or as the name.');
  }
  return faults;
}

/** The name without its folders. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** What follows the last dot of a name, in lower case; '' where there is none. */
export function extensionOf(name: string): string {
  const base = baseName(name);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
}
