import { providerTable } from '#main/runtime/provider-table.ts';
import type { Dtype, FloatType, Provider } from '#shared/schemas/model.ts';

/** What a graph is built for. */
export interface Target {
  /** The type it computes in. */
  readonly dtype: FloatType;
  /** Whether attention is one node of ONNX Runtime's own, or the operators it is made of. */
  readonly fusesAttention: boolean;
  /** Whether linear layers multiply 8-bit integers; else they do in the graph's type. */
  readonly quantised?: boolean;
}

/** What the graphs of a device are built for. */
export interface Targets {
  readonly encoders: Target;
  readonly decoder: Target;
}

/** The graphs that suit a provider. */
export function targetsFor({ provider, dtype }: { provider: Provider; dtype: Dtype }): Targets {
  const quantised = dtype === 'int8';
  const type = quantised ? 'f32' : dtype;
  const { encoders, decoder } = providerTable[provider].fusesAttention;
  return {
    encoders: { dtype: type, fusesAttention: encoders.includes(type), quantised },
    decoder: { dtype: type, fusesAttention: decoder.includes(type), quantised },
  };
}
