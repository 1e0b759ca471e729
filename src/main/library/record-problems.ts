import { isInFolder } from '#main/files/in-folder.ts';
import { importStage } from '#main/store/record-imports.ts';
import type { Store } from '#main/store/store.ts';
import type { FoundProblem } from './walk.ts';

/**
 * Records what could not be read of a folder now, and lets go of what could not be read before.
 *
 * @param met by path
 */
export async function recordProblems(
  { tables: { failures, files } }: Store,
  root: string,
  met: ReadonlyMap<string, unknown>,
  problems: readonly FoundProblem[],
): Promise<void> {
  const paths = new Set(problems.map(({ path }) => path));
  const isMended = (subject: string) => {
    const row = files.get(subject);
    return !met.has(subject) || row === undefined || row.role !== 'photo' || row.contentId !== null;
  };
  const mended = failures
    .standing()
    .filter(
      ({ subject, stage }) =>
        stage === importStage &&
        isInFolder(root, subject) &&
        !paths.has(subject) &&
        isMended(subject),
    );
  await failures.clear(mended);
  await failures.record(
    problems
      .map(({ path, error: { code, message } }) => ({
        subject: path,
        stage: importStage,
        modelId: null,
        code,
        message,
      }))
      .filter((failure) => !failures.has(failure)),
  );
}
