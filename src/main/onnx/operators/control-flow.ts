import { GraphError } from '../graph-error.ts';
import { Graph, type Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { reshape } from './layout.ts';

/** A value that goes from one round of a loop into the next. */
export interface LoopState {
  readonly initial: Value;
  /** Its shape within a round, which may differ from round to round in symbolic dimensions. */
  readonly shape: Shape;
}

type Values = Readonly<Record<string, Value>>;

/** What one round of a loop gives. */
export interface LoopRound {
  /** bool `[]`: whether another round follows. */
  readonly goOn: Value;
  /** Every state as the next round takes it. */
  readonly next: Values;
  /** Values to collect over the rounds. */
  readonly scans: Values;
}

export interface LoopOptions {
  readonly name: string;
  /** i64 `[]`: the most rounds. */
  readonly rounds: Value;
  readonly states: Readonly<Record<string, LoopState>>;
  /**
   * Builds a round out of the states it finds and its number (i64 `[]`, 0 at first); it may use any
   * value of the graphs around it, and declare further states as it meets them.
   */
  readonly body: (states: Values, round: Value, declare: DeclareState) => LoopRound;
}

/** Adds a state to a loop while its body is built, and gives it as the body finds it. */
export type DeclareState = (key: string, state: LoopState) => Value;

/** What a loop gives. */
export interface LoopOutputs {
  /** Every state as the last round left it. */
  readonly states: Record<string, Value>;
  /** What the rounds yielded, stacked along a new first axis `rounds`. */
  readonly scans: Record<string, Value>;
}

/**
 * Repeats a body until it asks to stop.
 *
 * @throws GraphError when a state would be lost or change its type or rank
 */
export function loop({ name, rounds, states, body: build }: LoopOptions): LoopOutputs {
  const { graph } = rounds;
  const body = new Graph(name, graph);
  const round = body.input(`${name}.round`, 'i64', []);
  body.input(`${name}.open`, 'bool', []);
  const initials: Value[] = [];
  const current: Record<string, Value> = {};
  const declare: DeclareState = (key, { initial, shape }) => {
    initials.push(initial);
    return (current[key] = body.input(`${name}.${key}`, initial.type, shape));
  };
  for (const [key, state] of Object.entries(states)) declare(key, state);
  const { goOn, next, scans } = build(current, round, declare);
  const keys = Object.keys(current);
  body.output(`${name}.go on`, computedIn(body, goOn));
  for (const key of keys) {
    requireSameKind(current[key], next[key]);
    body.output(`${name}.next ${key}`, computedIn(body, next[key]));
  }
  for (const [key, value] of Object.entries(scans)) {
    body.output(`${name}.each ${key}`, computedIn(body, value));
  }
  const stacked = Object.values(scans).map(({ type, shape }) => ({
    type,
    shape: ['rounds', ...shape],
  }));
  const outputs = graph.node(
    'Loop',
    [rounds, graph.scalar('bool', 1), ...initials],
    [...keys.map((key) => next[key]), ...stacked],
    { body: { kind: 'graph', value: body } },
  );
  return {
    states: Object.fromEntries(keys.map((key, i) => [key, outputs[i]])),
    scans: Object.fromEntries(Object.keys(scans).map((key, i) => [key, outputs[keys.length + i]])),
  };
}

/**
 * {@link loop} where there is one round, as nodes of the graph itself: for a provider that has no `Loop`, whose
 * states would be handed over to another one and back.
 *
 * @throws GraphError when a state would be lost or change its type or rank
 */
export function singleRound({ rounds: { graph }, states, body }: LoopOptions): LoopOutputs {
  const current: Record<string, Value> = {};
  const declare: DeclareState = (key, { initial }) => (current[key] = initial);
  for (const [key, state] of Object.entries(states)) declare(key, state);
  const { next, scans } = body(current, graph.scalar('i64', 0), declare);
  for (const [key, value] of Object.entries(current)) requireSameKind(value, next[key]);
  const after = Object.keys(current).map((key) => [key, computedIn(graph, next[key])] as const);
  const stacked = Object.entries(scans).map(
    ([key, value]) => [key, reshape(value, [1, ...value.shape])] as const,
  );
  return { states: Object.fromEntries(after), scans: Object.fromEntries(stacked) };
}

/** A body returns what its own nodes compute; anything else goes through one. */
function computedIn(body: Graph, value: Value): Value {
  const isComputed = value.graph === body && !body.inputs.includes(value);
  const isReturned = body.outputs.some((output) => output.value === value);
  return isComputed && !isReturned ? value : body.apply('Identity', [value], value);
}

function requireSameKind(current: Value, next: Value | undefined): void {
  const isSame =
    next?.type === current.type &&
    next.shape.length === current.shape.length &&
    current.shape.every((dim, axis) => typeof dim === 'string' || dim === next.shape[axis]);
  if (isSame) return;
  throw new GraphError(
    `${current.name} is ${current.type} ${formatShape(current.shape)} and would become ` +
      `${next?.type} ${formatShape(next?.shape ?? [])}`,
  );
}
