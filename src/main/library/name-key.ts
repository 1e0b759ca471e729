/** What names that differ in case alone, or in how accents are composed, have in common. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
