import { captionStage } from './caption/caption-stage.ts';
import { embedStage } from './embed/embed-stage.ts';
import { judgeStage } from './judge/judge-stage.ts';
import { proposeStage } from './propose/propose-stage.ts';
import { scoreStage } from './score/score-stage.ts';
import type { Stage } from './stage.ts';

/**
 * What a model does with every picture, in this order: a picture comes to a stage once it is through
 * with those before.
 */
export const stages: readonly Stage[] = [
  embedStage,
  captionStage,
  scoreStage,
  judgeStage,
  proposeStage,
];

/** Those of a library that is made for a while, to judge the texts of its photos. */
export const cleaningStages: readonly Stage[] = [embedStage, judgeStage, proposeStage];
