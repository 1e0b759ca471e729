/**
 * Whether only training needs a tensor of this name: momentum encoders, queues and their places,
 * the temperature, and buffers.
 */
export function isTrainingOnly(name: string): boolean {
  return (
    /^\w+_m\./.test(name) ||
    /^(image_queue|text_queue|idx_queue|queue_ptr|ptr_queue|temp|logit_scale)$/.test(name) ||
    /\.position_ids$/.test(name)
  );
}
