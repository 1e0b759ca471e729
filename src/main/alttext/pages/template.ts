/** What a program fills in when the page is made, so that nobody knows yet what will be read. */
const filledIn = /\{\{|\{%|\{#|<%|<\?|\$\{|\[\[|#\{|%[A-Z_]{3,}%/;
/** Names of attributes that frameworks fill in. */
const bound =
  /^(?:(?::|v-bind:|x-bind:|bind-|ng-attr-|\[(?:attr\.)?)(?:alt|aria-label|title)\b|v-bind$|x-bind$)/;
/** Halves of what is filled in, which parsers take for names. */
const halves = /[{}<%?]|^\.\.\./;

/** Whether a text is made by a template. */
export function isFilledIn(text: string): boolean {
  return filledIn.test(text);
}

/** Whether one of the attributes of these names may be filled in with an alternative text. */
export function mayFillInText(names: readonly string[]): boolean {
  return names.some((name) => bound.test(name) || halves.test(name));
}
