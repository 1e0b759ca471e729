import { z } from 'zod';

/** What is trained: the heads, the heads and low-rank factors of the text stack, or all of both. */
export const TrainableSet = z.enum(['heads', 'lora', 'text']);
export type TrainableSet = z.infer<typeof TrainableSet>;

/** Low-rank adaptation of linear layers: `W x + alpha / rank * B A x` (Hu et al. 2022). */
export const LoraSettings = z.object({
  rank: z.int().min(1).max(1024),
  alpha: z.number().positive(),
  /** Parts of names; a linear layer of the text stack whose name contains one of them is adapted. */
  targets: z.array(z.string().min(1)).min(1),
});
export type LoraSettings = z.infer<typeof LoraSettings>;

/** Which parameters of a checkpoint are trained, and how. */
export interface Adaptation {
  readonly trainable: TrainableSet;
  readonly lora: LoraSettings;
  /** How many blocks at the end of the image encoder are trained too; all before them is frozen. */
  readonly imageBlocks: number;
}

const heads = /^(vision_proj|text_proj|itm_head|text_decoder\.cls)\./;
const textStack = /^(text_encoder|text_decoder)\./;
const imageBlock = /^vision_model\.encoder\.layers\.(\d+)\./;
const behindBlocks = 'vision_model.post_layernorm.';

/**
 * What becomes of a parameter: trained as it is, by low-rank factors, or left alone. Of image blocks that
 * are trained, low-rank factors stand beside every linear layer; else they are trained as they are, with
 * the normalisation behind them.
 *
 * @param blocks how many the image encoder has
 */
export function kindOf(
  { trainable, lora, imageBlocks }: Adaptation,
  name: string,
  blocks: number,
): 'whole' | 'lora' | 'frozen' {
  if (heads.test(name)) return 'whole';
  const block = imageBlock.exec(name);
  const isLast = block !== null && Number(block[1]) >= blocks - imageBlocks;
  if (isLast || (imageBlocks > 0 && name.startsWith(behindBlocks))) {
    if (trainable !== 'lora') return 'whole';
    return name.endsWith('.weight') && !name.includes('norm') ? 'lora' : 'frozen';
  }
  if (!textStack.test(name)) return 'frozen';
  if (trainable === 'text') return 'whole';
  const isTarget =
    trainable === 'lora' &&
    name.endsWith('.weight') &&
    lora.targets.some((target) => name.includes(target));
  return isTarget ? 'lora' : 'frozen';
}
