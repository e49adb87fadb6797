/** A span of time in a reader's language, as roughly as it can be known beforehand: "12 minutes". */
export function formatDuration(seconds: number, language: string): string {
  if (seconds >= 2 * 3600) return unit(Math.round(seconds / 3600), 'hour', language);
  if (seconds >= 90) return unit(Math.round(seconds / 60), 'minute', language);
  return unit(Math.max(5, Math.round(seconds / 5) * 5), 'second', language);
}

function unit(value: number, name: 'hour' | 'minute' | 'second', language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(
    value,
  );
}
