/** The image encoder's names in salesforce/BLIP and in the port of Hugging Face, whose names are ours. */
const renamed: readonly (readonly [original: RegExp, canonical: string])[] = [
  [/^visual_encoder\.cls_token$/, 'vision_model.embeddings.class_embedding'],
  [/^visual_encoder\.pos_embed$/, 'vision_model.embeddings.position_embedding'],
  [/^visual_encoder\.patch_embed\.proj\./, 'vision_model.embeddings.patch_embedding.'],
  [/^visual_encoder\.blocks\.(\d+)\.norm([12])\./, 'vision_model.encoder.layers.$1.layer_norm$2.'],
  [/^visual_encoder\.blocks\.(\d+)\.attn\.qkv\./, 'vision_model.encoder.layers.$1.self_attn.qkv.'],
  [
    /^visual_encoder\.blocks\.(\d+)\.attn\.proj\./,
    'vision_model.encoder.layers.$1.self_attn.projection.',
  ],
  [/^visual_encoder\.blocks\.(\d+)\.mlp\./, 'vision_model.encoder.layers.$1.mlp.'],
  [/^visual_encoder\.norm\./, 'vision_model.post_layernorm.'],
];

/** Our name of a tensor that an original checkpoint calls `name`. */
export function canonicalName(name: string): string {
  const rule = renamed.find(([original]) => original.test(name));
  return rule === undefined ? name : name.replace(rule[0], rule[1]);
}
