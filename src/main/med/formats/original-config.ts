import { MedConfig, parseSettings } from '../checkpoint/config.ts';
import { rolesOf } from '../checkpoint/roles.ts';
import { blipGeneration, blipMean, blipName, blipStd } from './blip-settings.ts';
import { invalidWeights, type TensorIndex } from './stored-tensor.ts';

/** Width of an attention head in every published BLIP. */
const HEAD_WIDTH = 64;

/**
 * The settings of an original checkpoint, which has none beside its weights that can be relied on:
 * sizes are read off the tensors, the rest is what salesforce/BLIP sets in code.
 *
 * @param tensors by canonical name
 * @throws MedleyError `checkpoint-invalid`, naming file and tensor
 */
export function originalConfig(tensors: TensorIndex, file: string): MedConfig {
  const shapeOf = (name: string, rank: number): readonly number[] => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw invalidWeights(file, 'missing: this is no BLIP model.', name);
    if (tensor.shape.length === rank) return tensor.shape;
    throw invalidWeights(file, `it is [${tensor.shape}], which is no BLIP model's.`, name);
  };
  const layersOf = (prefix: string) => {
    const layer = new RegExp(`^${prefix.replaceAll('.', '\\.')}\\.(\\d+)\\.`);
    return new Set([...tensors.keys()].flatMap((name) => layer.exec(name)?.[1] ?? [])).size;
  };
  const headsOf = (width: number, name: string) => {
    if (width % HEAD_WIDTH === 0) return width / HEAD_WIDTH;
    throw invalidWeights(file, `its width ${width} is no multiple of ${HEAD_WIDTH}.`, name);
  };

  const roles = rolesOf(tensors);
  const [vision, text] = ['vision_model', roles.matching ? 'text_encoder' : 'text_decoder.bert'];
  const patches = `${vision}.embeddings.patch_embedding.weight`;
  const words = `${text}.embeddings.word_embeddings.weight`;
  const [width, , patch] = shapeOf(patches, 4);
  const [, positions] = shapeOf(`${vision}.embeddings.position_embedding`, 3);
  const [hidden] = shapeOf(`${vision}.encoder.layers.0.mlp.fc1.weight`, 2);
  const [vocabulary, textWidth] = shapeOf(words, 2);
  const [places] = shapeOf(`${text}.embeddings.position_embeddings.weight`, 2);
  const [textHidden] = shapeOf(`${text}.encoder.layer.0.intermediate.dense.weight`, 2);
  const config = {
    name: blipName(roles, width),
    share: 'none',
    projection_size: roles.matching ? shapeOf('vision_proj.weight', 2)[0] : width,
    vision_config: {
      stem: 'patch',
      patch_size: patch,
      image_size: Math.sqrt(positions - 1) * patch,
      hidden_size: width,
      num_hidden_layers: layersOf(`${vision}.encoder.layers`),
      num_attention_heads: headsOf(width, patches),
      intermediate_size: hidden,
      layer_norm_eps: 1e-6,
      image_mean: blipMean,
      image_std: blipStd,
    },
    text_config: {
      vocab_size: vocabulary,
      hidden_size: textWidth,
      num_hidden_layers: layersOf(`${text}.encoder.layer`),
      num_attention_heads: headsOf(textWidth, words),
      intermediate_size: textHidden,
      layer_norm_eps: 1e-12,
      max_position_embeddings: places,
    },
    generation: blipGeneration(places),
  };
  return parseSettings(MedConfig, config, file);
}
