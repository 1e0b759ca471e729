/** A curve and what it is of. */
export interface Series {
  readonly name: string;
  /** In order of `x`. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** A value of it, as it is written. */
  readonly figure: (y: number) => string;
}

/** Where a chart ends: its axes begin and end with the points, the upright one a little beyond. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** The highest and the lowest value; one where all are the same. */
export function endsOf(points: Series['points']): number[] {
  const ys = points.map(({ y }) => y);
  return [...new Set([Math.max(...ys), Math.min(...ys)])];
}

export function frameOf(points: Series['points']): Frame {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const margin = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  return {
    left,
    right: right === left ? left + 1 : right,
    bottom: low - margin,
    top: high + margin,
  };
}

/** The curve as the path of an SVG of this size. */
export function pathOf(
  points: Series['points'],
  frame: Frame,
  width: number,
  height: number,
): string {
  const at = ({ x, y }: { readonly x: number; readonly y: number }) => {
    const across = ((x - frame.left) / (frame.right - frame.left)) * width;
    const down = ((frame.top - y) / (frame.top - frame.bottom)) * height;
    return `${across.toFixed(1)} ${down.toFixed(1)}`;
  };
  return points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point)}`).join('');
}

/** As many of the points, evenly spread with the first and the last one, as a person would read. */
export function someOf<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  const last = points.length - 1;
  return Array.from({ length: most }, (_, i) => points[Math.round((i * last) / (most - 1))]);
}
