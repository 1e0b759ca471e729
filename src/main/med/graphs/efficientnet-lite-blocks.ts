import { stage, type Block } from './convolutional-stem.ts';

/**
 * Blocks 1 to 21 of EfficientNet-Lite2: table 1 of the EfficientNet paper (arXiv 1905.11946) without
 * squeeze-and-excitation, 1.1 times as wide and 1.2 times as deep, first and last stage as they were.
 */
export const efficientnetLite2Blocks: readonly Block[] = [
  ...stage(1, { expansion: 1, channels: 16, stride: 1, kernel: 3 }),
  ...stage(3, { expansion: 6, channels: 24, stride: 2, kernel: 3 }),
  ...stage(3, { expansion: 6, channels: 48, stride: 2, kernel: 5 }),
  ...stage(4, { expansion: 6, channels: 88, stride: 2, kernel: 3 }),
  ...stage(4, { expansion: 6, channels: 120, stride: 1, kernel: 5 }),
  ...stage(5, { expansion: 6, channels: 208, stride: 2, kernel: 5 }),
  ...stage(1, { expansion: 6, channels: 352, stride: 1, kernel: 3 }),
];
