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

/** The graphs that suit a provider. */
export function targetFor({ provider, dtype }: { provider: Provider; dtype: Dtype }): Target {
  const quantised = dtype === 'int8';
  const type = quantised ? 'f32' : dtype;
  const fusesAttention = providerTable[provider].fusesAttention.includes(type);
  return { dtype: type, fusesAttention, quantised };
}
