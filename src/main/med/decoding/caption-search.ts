/** Next-token scores of one row: log-probability of token `t` is `logits[t] - logSumExp`. */
export interface RowScores {
  /** `[vocabulary]`. A search may write into it. */
  readonly logits: Float32Array;
  readonly logSumExp: number;
}

/** A token to append, and which row of the step before it continues. */
export interface Continuation {
  /** Index among the rows last given to {@link CaptionSearch.advance}. */
  readonly parent: number;
  readonly token: number;
}

/** A finished caption. */
export interface Hypothesis {
  /** Generated tokens, without prompt and [SEP]. */
  readonly tokens: readonly number[];
  /** Sum of the model's own log-probabilities, the final [SEP] included. */
  readonly logprob: number;
}

/**
 * How one photo's captions are looked for, a step at a time. A search is given one row after the
 * prompt, and then as many as it asked for.
 */
export interface CaptionSearch {
  /** Takes the scores of the rows and returns the next ones: always `width` of them, or none when done. */
  advance(rows: readonly RowScores[]): readonly Continuation[];
  /** Best first. */
  results(): Hypothesis[];
}

/** A continuation with the sums of log-probabilities that it makes. */
export interface Candidate extends Continuation {
  /** After the processors: what captions are compared by. */
  readonly score: number;
  /** The model's own. */
  readonly logprob: number;
}

/** A search that needs no more of a step than its best continuations. */
export interface CandidateSearch extends CaptionSearch {
  /** {@link CaptionSearch.advance} once the best continuations of all rows are known, best first. */
  choose(candidates: readonly Candidate[]): readonly Continuation[];
}

/** When a caption may and must end, in tokens the model generates. */
export interface LengthLimits {
  /** [SEP] is not allowed before this many tokens stand. */
  readonly min: number;
  /** A caption is cut after this many tokens, [SEP] included. */
  readonly max: number;
}
