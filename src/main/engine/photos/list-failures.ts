import type { Failure, StageWords } from '#shared/schemas/activity.ts';
import type { Store } from '#main/store/store.ts';

/**
 * What stands failed, by file. A failure of a picture is told of a file that shows it.
 * @param words of the stages, by name
 */
export function listFailures(store: Store, words: ReadonlyMap<string, StageWords>): Failure[] {
  return store.tables.failures.standing().map(({ subject, stage, code, message }) => ({
    file: store.pathOfPicture(subject) ?? subject,
    stage: words.get(stage)?.title ?? stage,
    code,
    error: message,
  }));
}
