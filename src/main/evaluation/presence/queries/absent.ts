/**
 * What people might look for and no photo of Flickr8k dev shows: no caption of it speaks of these things, as was
 * looked up when they were written.
 */
export const absentQueries: readonly string[] = `
submarine
a submarine in space
x-ray of a hand
screenshot of a spreadsheet
boarding pass
wifi password
receipt from the hardware store for the new drill
scanned passport page
handwritten recipe for apple pie
whiteboard full of equations
floor plan of the apartment we looked at in march
map of the london underground
sheet music
crossword puzzle
a page of a book in german
barcode
business cards
tax return
graph of stock prices
elephants at a waterhole
giraffe
zebra crossing the savanna
penguins on an iceberg
a polar bear and her cub
octopus
jellyfish in an aquarium tank
goldfish bowl
hamster in a wheel
a parrot sitting on a shoulder
owl at night
peacock spreading its tail
flamingos
hedgehog
tortoise eating lettuce
crocodile with an open mouth
kangaroo
koala in a eucalyptus tree
panda eating bamboo
gorilla
a lion with a big mane sleeping under a tree
a tiger behind bars
wolf howling at the moon
spider web with dew
bees on a honeycomb
ladybird on a leaf
snail on a wet stone
scorpion
dragonfly close up
lizard on a wall
rattlesnake
whale breaching
sharks
a lobster on a plate
sushi platter
spaghetti with tomato sauce
bowl of ramen
fried eggs and bacon on a blue plate
pancakes with maple syrup
croissant and espresso
avocado toast
a cheese board with grapes
birthday cake shaped like a dinosaur
christmas turkey dinner
jar of pickles
loaf of sourdough
box of chocolates
wine bottles in a cellar
teapot
kitchen sink full of dishes
microwave oven
open refrigerator
washing machine
a vacuum cleaner in the hallway
bathroom with green tiles
toilet
chandelier
bookshelf with encyclopedias
grandfather clock
the antique typewriter on my grandfather's desk in the attic
chess board
a game of scrabble
jigsaw puzzle pieces
rubik's cube
lego castle
dollhouse
a grand piano in an empty hall
church organ pipes
harp
nuclear power station
oil rig
wind turbines
solar panels on a roof
power lines
coal mine
steel factory with molten metal
server room
circuit board
microscope
laboratory with test tubes
dentist's chair
hospital bed
surgeons operating on a patient under bright lights
ultrasound of a baby
newborn in an incubator
wheelchair ramp
skeleton in a museum
egyptian mummy
dinosaur fossil
the pyramids
eiffel tower
leaning tower of pisa
great wall of china
taj mahal
statue of liberty
golden gate bridge in fog
mount rushmore
stonehenge
opera house
times square
venice gondola
dutch windmill
lighthouse on a cliff
medieval castle with a moat
japanese pagoda
a mosque with four minarets seen from the river
cemetery with gravestones
igloo
treehouse
greenhouse full of tomatoes
barn owl in a hay loft
cactus
orchid
sunflower field
pumpkins on a porch
mushrooms in the forest
vineyard
cornfield
rice terraces
cherry orchard
bonsai
volcano erupting
lava flow
northern lights
solar eclipse
full moon over the sea
the milky way
comet
rocket launch
astronaut on the moon
space shuttle
planet saturn
satellite dish
lightning strike
tornado
flooded houses after the hurricane
double rainbow
glacier cave
stalactites
coral reef with lots of tropical fish
sunken ship
waterhole at dusk with antelopes
a cruise ship leaving the harbour of naples at night
aircraft carrier
fighter jets in formation
hot air balloon
zeppelin
tram in lisbon
double decker bus
cement mixer
combine harvester
bulldozer on a landfill
ambulance
police lineup
traffic jam at the toll booth
parking garage level 3
gas pump
flat tyre
dashboard of my old car with the mileage on it
license plate
engine under the hood
electric scooter charging
king on a throne
the pope
judge with a wig
soldiers in a trench
knight in armour
geisha
pirate ship
clown fish
curling stones
fencing duel
weightlifter
polo match on horses
synchronised swimmers
billiard table
darts
casino roulette
slot machines
my grandfather's medals in a glass case
the contract we signed with the landlord
elephant
firefighter
stove
piano
accordion
bagpipes
unicycle
tuxedo
banana
apple
suitcase
rabbit
deer
turkey
chainsaw
snowmobile
taxi
wheelbarrow
egg
toothbrush
kitten
snake
parrot
llama
penguin
alligator
crab
moon
temple
lighthouse
fireplace
hospital
pig
snowman
cheese
soup
dessert
map
lemon
certificate
windmill
monk
chef
donkey
hotdog
hammock
oven
broccoli
carrot
crayons
briefcase
surgeon
supermarket
butcher
tuba
clarinet
xylophone
microwave
dishwasher
mailbox
treadmill
blender
popcorn
pretzel
waffle
wallet
calculator
printer
invoice
spreadsheet
screenshot
calendar
envelope
iceberg
volcano
galaxy
lightning
toaster
receipt
passport
pineapple
dentist
scarecrow
throne
lawnmower
handcuffs
stethoscope
`
  .trim()
  .split('\n');
