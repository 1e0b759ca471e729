import process from 'node:process';

const NOBODY = 65534;

/**
 * Runs something as a person without special rights, since permissions do not bite root. Files it
 * makes belong to that person.
 */
export async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await run();
  process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
