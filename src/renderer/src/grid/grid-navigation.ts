import { cellsOf, type Layout } from './justified-layout.ts';

export interface Grid {
  readonly layout: Layout;
  readonly ratios: ArrayLike<number>;
  readonly width: number;
  readonly gap: number;
}

/** Rows that Page Up and Page Down pass over. */
const pageRows = 4;

/**
 * The photo a key moves to from photo `index`: left and right along the order, up and down to the
 * photo whose middle is nearest in the next row of photos. Null for any other key.
 */
export function move(key: string, index: number, grid: Grid): number | null {
  const last = grid.ratios.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return moveRows(index, -1, 1, grid);
    case 'ArrowDown':
      return moveRows(index, 1, 1, grid);
    case 'PageUp':
      return moveRows(index, -1, pageRows, grid);
    case 'PageDown':
      return moveRows(index, 1, pageRows, grid);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function moveRows(index: number, direction: 1 | -1, count: number, grid: Grid): number {
  const { rows, rowOf } = grid.layout;
  const middle = middleOf(index, grid);
  let target = rowOf[index];
  let left = count;
  for (let at = target + direction; left > 0 && at >= 0 && at < rows.length; at += direction) {
    if (rows[at].kind === 'header') continue;
    target = at;
    left--;
  }
  if (target === rowOf[index]) return index;
  const cells = cellsOf(rows[target], grid.ratios, grid.width, grid.gap);
  let best = cells[0];
  const distance = (cell: { left: number; width: number }) =>
    Math.abs(cell.left + cell.width / 2 - middle);
  for (const cell of cells) if (distance(cell) < distance(best)) best = cell;
  return best.index;
}

function middleOf(index: number, grid: Grid): number {
  const row = grid.layout.rows[grid.layout.rowOf[index]];
  const cell = cellsOf(row, grid.ratios, grid.width, grid.gap)[index - row.start];
  return cell.left + cell.width / 2;
}
