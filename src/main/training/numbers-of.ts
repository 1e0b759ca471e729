import type { Tensor } from '#main/runtime/onnx-runtime.ts';

/** The numbers of an f32 tensor, wherever they lie. */
export async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.getData();
  if (data instanceof Float32Array) return data;
  throw new TypeError(`expected f32, not ${tensor.type}`);
}
