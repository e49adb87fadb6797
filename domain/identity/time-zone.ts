/**
 * The name of a time zone as the IANA database writes it.
 * @returns null for what is no such name; a fixed offset is none
 */
export function timeZoneName(value: string): string | null {
  if (!/^[A-Za-z]/.test(value)) return null;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
    // An alias is kept as it was given: Intl answers with the name that it stands for.
    return known.toLowerCase() === value.toLowerCase() ? known : value;
  } catch {
    return null;
  }
}
