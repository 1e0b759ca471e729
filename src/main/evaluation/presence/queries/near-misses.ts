/**
 * What no photo of Flickr8k dev shows either, but in things that captions of such photos often name, put together as none of
 * them has them.
 */
export const nearMisses: readonly string[] = `
a dog driving a car
a green dog
a blue horse
man playing the piano
woman playing guitar on a boat
three horses in the snow
a cow on a beach
a boy riding an elephant
man with a snake around his neck
girl feeding a rabbit
a white horse on the beach
children sitting in a classroom
firefighters with a hose
a bride on a motorcycle
man asleep in a hammock
pink car
a yellow taxi in the rain
snowman with a carrot nose
a dog and a deer
a kitten in a box
four cats
sheep in the snow
a man shaving
a bear in a river
monkey eating a banana
a ship in a storm
girl with a parrot
man on a unicycle
a man in a tuxedo playing the piano
an old woman knitting
black umbrella in the rain
a snow covered church
purple dog
a football player on a horse
a surfer in a suit
cat on a fence
a cat with a bird
baby with a guitar
a woman on crutches
man with a pumpkin
a rabbit in the grass
a deer in the forest
a pig in the mud
llamas on a hill
alligator in a swamp
crab on the beach
a snake in the grass
moon over the mountains
temple with a golden roof
chef cutting vegetables
a dog in a tuxedo
baby on a horse
a girl playing the drums
man painting a wall
two men playing chess
woman ironing a shirt
kids decorating a christmas tree
a man washing his car
a woman in a wedding dress on a horse
a surfer at night
a bicycle under water
a yellow boat with a black sail
a dog with wings
a bird on a man's head
a burning car
an empty swimming pool
an empty stadium
a bridge over a river at night
a red telephone box
a motorcycle on a roof
a soccer game in the snow
`
  .trim()
  .split('\n');
