import { providerTable } from '#main/runtime/provider-table.ts';
import type { Dtype, Provider } from '#shared/schemas/model.ts';

/** What a graph is built for. */
export interface Target {
  /** The type it computes in. */
  readonly dtype: Dtype;
  /** Whether attention is one node of ONNX Runtime's own, or the operators it is made of. */
  readonly fusesAttention: boolean;
}

/** The graphs that suit a provider. */
export function targetFor({ provider, dtype }: { provider: Provider; dtype: Dtype }): Target {
  return { dtype, fusesAttention: providerTable[provider].fusesAttention.includes(dtype) };
}
