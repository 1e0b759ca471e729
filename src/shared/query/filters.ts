import { formatDateRange, readDateRange, shortened } from './date-range.ts';
import { havable, states, type Filter, type FilterField } from './query.ts';

/** What a field and the value written after it ask for, or why they ask for nothing. */
export function readFilter(
  field: FilterField,
  written: string,
  negated: boolean,
): Filter | { readonly problem: string } {
  const value = written.trim();
  switch (field) {
    case 'date': {
      if (value === '') return { problem: missing('date', '2019') };
      const range = readDateRange(value);
      return 'problem' in range ? range : { field, negated, ...range };
    }
    case 'has': {
      const known = havable.find((each) => each === value.toLowerCase());
      return known === undefined ? oneOf(field, value, havable) : { field, negated, value: known };
    }
    case 'is': {
      const known = states.find((each) => each === value.toLowerCase());
      return known === undefined ? oneOf(field, value, states) : { field, negated, value: known };
    }
    case 'camera':
    case 'folder':
    case 'keyword':
      return value === ''
        ? { problem: missing(field, examples[field]) }
        : { field, negated, value };
  }
}

const examples = { camera: 'Canon', folder: 'Holidays', keyword: '"New York"' };

function missing(field: FilterField, example: string): string {
  return `Write what to look for right after the colon, as ${field}:${example}.`;
}

function oneOf(field: FilterField, value: string, values: readonly string[]) {
  const right = `Write ${values.slice(0, -1).join(', ')} or ${values.at(-1)} after “${field}:”.`;
  return { problem: value === '' ? right : `“${shortened(value)}” is unknown here. ${right}` };
}

/** The filter as one would write it. */
export function formatFilter(filter: Filter): string {
  const value = filter.field === 'date' ? formatDateRange(filter) : filter.value;
  return `${filter.negated ? '-' : ''}${filter.field}:${quoteIfNeeded(value)}`;
}

/** A value that reads as one word, as it is; any other in quotation marks. */
export function quoteIfNeeded(value: string): string {
  return /^[^\s"“„«「][^\s]*$/u.test(value) && !/[,;]$/u.test(value) ? value : quote(value);
}

/** In quotation marks; those within are doubled. */
export function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
