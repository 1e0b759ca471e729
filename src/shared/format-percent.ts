const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** A share in [0, 1] in percent: `87 %`, with a space at which no line breaks. */
export function formatPercent(share: number): string {
  return `${whole.format(share * 100)}\u00a0%`;
}
