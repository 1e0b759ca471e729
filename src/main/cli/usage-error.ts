/** What is wrong with the arguments, in one line as every other failure, and where to look what is right. */
export function usageError(text: string, write: (text: string) => void): void {
  const reason = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  write(`medley: ${reason.replace(/\.$/, '')} (--help says what is taken)\n`);
}
