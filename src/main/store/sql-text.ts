/** A text as an SQL literal for LanceDB's filters, where only the quote is special. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `column IN (...)`. */
export function sqlIn(column: string, values: Iterable<string>): string {
  return `${column} IN (${Array.from(values, sqlText).join(', ')})`;
}
