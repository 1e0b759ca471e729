import { stage, type Block } from './convolutional-stem.ts';

/** Blocks 1 to 17 of MobileNetV2 1.0, table 2 of its paper (arXiv 1801.04381). */
export const mobilenetBlocks: readonly Block[] = [
  ...stage(1, { expansion: 1, channels: 16, stride: 1, kernel: 3 }),
  ...stage(2, { expansion: 6, channels: 24, stride: 2, kernel: 3 }),
  ...stage(3, { expansion: 6, channels: 32, stride: 2, kernel: 3 }),
  ...stage(4, { expansion: 6, channels: 64, stride: 2, kernel: 3 }),
  ...stage(3, { expansion: 6, channels: 96, stride: 1, kernel: 3 }),
  ...stage(3, { expansion: 6, channels: 160, stride: 2, kernel: 3 }),
  ...stage(1, { expansion: 6, channels: 320, stride: 1, kernel: 3 }),
];
