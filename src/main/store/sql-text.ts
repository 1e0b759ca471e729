/** A text as an SQL literal for LanceDB's filters, where only the quote is special. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value as an SQL literal. */
export function sqlLiteral(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return sqlText(value);
  if (Array.isArray(value)) return `make_array(${value.map(sqlLiteral).join(', ')})`;
  return String(value);
}

/** `column IN (...)`. */
export function sqlIn(column: string, values: Iterable<string>): string {
  return `${column} IN (${Array.from(values, sqlText).join(', ')})`;
}
