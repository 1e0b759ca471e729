import { locale } from './locale.ts';

export { formatBytes as bytes } from '#shared/format-bytes.ts';
export { formatPercent as percent } from '#shared/format-percent.ts';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** A whole number with thousands apart: `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** A number of things: `1 photo`, `12,345 photos`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${whole.format(value)} ${value === 1 ? noun : plural}`;
}

/** A rate: `11 a second`, `0.5 a second`. */
export function rate(perSecond: number): string {
  return `${perSecond >= 10 ? whole.format(perSecond) : short.format(perSecond)} a second`;
}

/** Time left, as coarse as it is sure: `less than a minute`, `about 7 minutes`, `about 2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 50) return 'less than a minute';
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `about ${counted(minutes, 'minute')}`;
  if (minutes < 600) {
    const rest = Math.round((minutes % 60) / 10) * 10;
    const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
    return rest % 60 === 0 ? `about ${counted(hours, 'hour')}` : `about ${hours} h ${rest} min`;
  }
  return `about ${counted(Math.round(minutes / 60), 'hour')}`;
}

/** Parameters of a model: `24.6 million`. */
export function millions(value: number): string {
  return `${short.format(value / 1e6)} million`;
}

/** A colour given as 0xRRGGBB, for CSS. */
export function hexColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
