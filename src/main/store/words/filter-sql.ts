import type { Filter } from '#shared/query/query.ts';
import { sqlText } from '../sql-text.ts';
import { fold } from './terms.ts';
import { folderKeyOf, lastDay } from './word-rows.ts';

/**
 * What filters ask of a row of words, in SQL; null where there are none. A negated one holds of all photos
 * that it does not hold of otherwise, undated ones too.
 */
export function filterSql(filters: readonly Filter[]): string | null {
  if (filters.length === 0) return null;
  return filters
    .map((filter) => {
      const holds = `coalesce(${conditionOf(filter)}, false)`;
      return filter.negated ? `NOT ${holds}` : holds;
    })
    .join(' AND ');
}

function conditionOf(filter: Filter): string {
  switch (filter.field) {
    case 'date': {
      const { from, to } = filter;
      // It is known to have been taken within: of a photo of 1978 nobody knows whether it is of May.
      const parts = [
        ...(from === null ? [] : [`takenFirst >= ${sqlText(from)}`]),
        ...(to === null ? [] : [`takenLast <= ${sqlText(lastDay(to))}`]),
      ];
      return parts.length > 0 ? `(${parts.join(' AND ')})` : 'true';
    }
    case 'camera':
      return `contains(cameraKey, ${sqlText(fold(filter.value))})`;
    case 'folder':
      return `contains(folderKey, ${sqlText(folderKeyOf(filter.value))})`;
    case 'keyword':
      return `array_has(keywordKeys, ${sqlText(fold(filter.value))})`;
    case 'has':
    case 'is':
      return `array_has(traits, ${sqlText(`${filter.field}:${filter.value}`)})`;
  }
}
