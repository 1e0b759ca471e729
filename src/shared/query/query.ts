/** What a filter can ask for, by the word before the colon. */
export const filterFields = ['date', 'camera', 'folder', 'keyword', 'has', 'is'] as const;
export type FilterField = (typeof filterFields)[number];

/** What a photo can have. */
export const havable = ['caption', 'alt', 'keyword', 'date', 'place'] as const;
/** What a photo can be: `unsure` is one whose caption the model does not stand by. */
export const states = ['unsure', 'confirmed', 'missing'] as const;

/** A condition on what is known of a photo. Several hold together. */
export type Filter = { readonly negated: boolean } & (
  | {
      readonly field: 'date';
      /** ISO 8601, as precise as it was written, both ends within; null for an open end, one at most. */
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly field: 'camera' | 'folder' | 'keyword'; readonly value: string }
  | { readonly field: 'has'; readonly value: (typeof havable)[number] }
  | { readonly field: 'is'; readonly value: (typeof states)[number] }
);

/** What a photo should not show, or with `exact` the words that should not stand with it. */
export interface Excluded {
  readonly text: string;
  readonly exact: boolean;
}

/** A stretch of a text, `to` excluded, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A piece of a query. One with a problem asks for nothing. */
export type QueryPart = Span & {
  /** What is wrong with it and what would be right, for a person; null where all is well. */
  readonly problem: string | null;
} & (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'phrase'; readonly text: string }
    | ({ readonly kind: 'excluded' } & Excluded)
    | {
        readonly kind: 'filter';
        readonly field: FilterField;
        readonly negated: boolean;
        /** As it was written, without its quotation marks. */
        readonly written: string;
        /** Null where `written` is no value of the field. */
        readonly filter: Filter | null;
      }
  );

/** What a query asks for. */
export interface QueryMeaning {
  /** What the picture should show: the words left over; empty where there are only other parts. */
  readonly sentence: string;
  /** Exact words that must stand with the photo. */
  readonly phrases: readonly string[];
  readonly excluded: readonly Excluded[];
  readonly filters: readonly Filter[];
}

export interface ParsedQuery extends QueryMeaning {
  /** All of the query in order, each with its place in the text; nothing overlaps. */
  readonly parts: readonly QueryPart[];
}
