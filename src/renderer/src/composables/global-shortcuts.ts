import { useEventListener } from '@vueuse/core';

/** Whether a key press belongs to a text field and must be left to it. */
export function isTyping(event: Event): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('textarea, select, input:not([type=range], [type=radio])'))
  );
}

/** Keys that work in every view: `/` and Ctrl+K for the search box, `?` for help, Ctrl+Z to undo. */
export function useGlobalShortcuts(actions: { search(): void; help(): void; undo(): void }): void {
  useEventListener(window, 'keydown', (event) => {
    const chord = event.ctrlKey || event.metaKey;
    const plainChord = chord && !event.shiftKey && !event.altKey;
    if (plainChord && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      actions.search();
    } else if (plainChord && event.key.toLowerCase() === 'z' && !isTyping(event)) {
      event.preventDefault();
      actions.undo();
    } else if (!chord && !event.altKey && !isTyping(event)) {
      if (event.key === '/') {
        event.preventDefault();
        actions.search();
      } else if (event.key === '?') {
        event.preventDefault();
        actions.help();
      }
    }
  });
}
