/** Official models that Medley offers by name, in plain words. */
export const knownModels = [
  {
    id: 'Salesforce/blip-itm-base-coco',
    title: 'BLIP matching, base',
    purpose: 'Finds photos from a sentence, and says how well a caption fits.',
    bytes: 895e6,
  },
  {
    id: 'Salesforce/blip-itm-large-coco',
    title: 'BLIP matching, large',
    purpose: 'Finds photos from a sentence, a little more accurately and more slowly.',
    bytes: 1.79e9,
  },
  {
    id: 'Salesforce/blip-image-captioning-base',
    title: 'BLIP captions, base',
    purpose: 'Writes captions. Goes well with BLIP matching.',
    bytes: 990e6,
  },
  {
    id: 'Salesforce/blip-image-captioning-large',
    title: 'BLIP captions, large',
    purpose: 'Writes better captions, more slowly.',
    bytes: 1.88e9,
  },
] as const;
