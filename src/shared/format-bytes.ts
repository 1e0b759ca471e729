const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: `3.4 MB`. */
export function formatBytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit === 0 || size >= 100 ? whole : short;
  return `${digits.format(size)} ${units[unit]}`;
}
