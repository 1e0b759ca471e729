/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  /** Behind its last unit. */
  readonly end: number;
}

/** Spans in the order of the text, those that touch or overlap as one. */
export function merged(spans: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last === undefined || span.start > last.end) whole.push(span);
    else whole[whole.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return whole;
}
