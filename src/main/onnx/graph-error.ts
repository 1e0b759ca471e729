/** A graph that cannot be: a shape or type that does not fit. Always a mistake of the builder's caller. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}
