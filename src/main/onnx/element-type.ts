/** Element types of the tensors Medley builds graphs over. */
export type ElementType = 'f32' | 'f16' | 'bf16' | 'i32' | 'i64' | 'i8' | 'u8' | 'bool';

/** `TensorProto.DataType` numbers of the ONNX format. */
const onnxNumbers: Record<ElementType, number> = {
  f32: 1,
  f16: 10,
  bf16: 16,
  i32: 6,
  i64: 7,
  i8: 3,
  u8: 2,
  bool: 9,
};

const byteSizes: Record<ElementType, number> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  i32: 4,
  i64: 8,
  i8: 1,
  u8: 1,
  bool: 1,
};

/** The number that stands for `type` in an ONNX file. */
export function onnxNumberOf(type: ElementType): number {
  return onnxNumbers[type];
}

/** Bytes of one element. */
export function byteSizeOf(type: ElementType): number {
  return byteSizes[type];
}

export function isFloat(type: ElementType): boolean {
  return type === 'f32' || type === 'f16' || type === 'bf16';
}
