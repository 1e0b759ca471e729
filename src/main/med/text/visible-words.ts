/** Words that people use of what pictures show; made by tools/capfilt/visible-words.ts. */
export const visibleWords: ReadonlySet<string> = new Set(
  `
abandoned able aboard about above abstract accents accepting accessories accident accompanied
accordion acoustic acrobat acrobatic acrobatics across act acting action active activities
activity actors acts ad add adding addresses addressing adjacent adjust adjusting adjusts admire
admires admiring adolescent adolescents adorable adorned adult adults adventure advertisement
advertisements advertises advertising aerial african afro after afternoon against age aged ages
agility ahead aid aim aiming aims air airborne aircraft airline airliner airplane airplanes
airport aisle album alcohol alcoholic alert alike all alley alleyway alligator almost alone along
alongside already also aluminum am amazed amazement amazing ambulance american amid amidst among
amongst amount amp amplifier amused amusement an ancient and angel angels angle angry animal
animals ankle another answer anticipation antique anvil any apart apartment apparatus apparel
apparently appear appearing appears applauding apple apples appliances applied applies applying
approach approaches approaching approximately apron aprons aqua aquarium arcade arch arched arches
architectural architecture archway are area areas arena arid arm armed armor arms army around
arranged arrangement arranging array arrive arrow art article articles artifacts artificial artist
artistic artists arts artwork as ascending ascends asian aside asking asleep asphalt assemble
assembled assembling assembly assist assistance assistant assisted assisting assists assorted
assortment astride at athlete athletes athletic atmosphere atop attached attaching attack attacked
attacking attempt attempting attempts attend attendant attendees attending attends attention
attentive attentively attire attired attraction attractive audience audio auditorium auto
automobile autumn available avenue avoid avoiding await awaiting awaits award awards away awe
awkwardly awning ax axe babies baby back backdrop backed backflip background backhand backhoe
backlit backpack backpacker backpackers backpacking backpacks backs backseat backside backstroke
backward backwards backyard bacon bad badge badges badminton bag baggage baggy bagpipe bagpipes
bags bake baked baker bakery baking balance balanced balances balancing balconies balcony bald
balding bale bales ball ballerina ballerinas ballet ballgame balloon balloons ballroom balls
bamboo banana bananas band bandage bandaged bandanna bands banging bangs banjo bank banks banner
banners banquet bar barbecue barbecuing barbed barber barbie bare barefoot barefooted barely
baring bark barking barks barn barred barrel barrels barren barricade barricades barrier barriers
bars bartender base baseball based baseman basement bases basin basket basketball basketballs
baskets bass bassist bat bath bathed bathing bathrobe bathroom bathtub batman baton batons bats
batsman batter batting battle battling bay bazaar be beach beachfront bead beaded beads beagle
beak beaker beam beams beanie beans bear beard bearded beards bearer bearing bears beat beater
beating beautiful beautifully beauty because becomes bed bedroom beds bedspread bee beef been beer
beers before begging begin beginning begins behind beige being bell belly belongings below belt
belts bench benches bend bending bends beneath bent beret beside besides bespectacled best better
between beverage beverages beyond bib bicycle bicycler bicyclers bicycles bicycling bicyclist
bicyclists big bigger bike biker bikers bikes biking bikini bikinis bill billboard billboards
billiards billowing bin binder binoculars bins bird birds birthday bit bite bites biting black
blackboard blacksmith blacktop blade blank blanket blankets blazer bleachers blender blindfolded
block blocked blocking blocks blond blonde blood bloody bloom blooming blossoming blossoms blouse
blow blower blowing blown blows blowtorch blue bluff blur blurred blurry bmx boa board boarder
boarding boards boardwalk boat boating boats bodies body bodysuit bone bonfire bongo bonnet
bonnets boogie book bookbag bookcase books bookshelf bookstore boot booth booths boots border
bored both bottle bottled bottles bottom bottoms boulder boulders bounce bounces bouncing bouncy
bound boundary bounding bounds bouquet bow bowed bowing bowl bowler bowling bowls bows bowtie box
boxer boxers boxes boxing boy boys bra bracelet bracelets braces braid braided braiding braids
branch branches brand brass brave bread break breakdancer breakdances breakdancing breakfast
breaking breaks breast breath breathing breed breeds brick bricks bridal bride bridesmaid
bridesmaids bridge briefcase bright brightly brimmed bring bringing brings broad broadly broccoli
brochure broken bronco bronze broom brooms brother brothers brought brow brown brownish browse
browsing brunette brush brushes brushing bubble bubbles buck bucked bucket buckets bucking bucks
buffalo buffet bug buggy build building buildings builds built bull bulldozer bullhorn bulls
bumper bumpy bun bunch bunches bundle bundled bundles bungee bunk bunny burger burgers burgundy
buried burned burning burying bus buses bush bushes bushy business businessman businessmen bust
busy but butcher butt butter butterfly button buttons buy buying buys by bystanders cab cabin
cabinet cabinets cable cables cafe cafeteria cage caged cages cake cakes calf call called calling
calm calmly camcorder came camel camels camera cameraman cameramen cameras camouflage camp camper
campers campfire campground camping campsite campus can canal cancer candid candle candles candy
cane canes canned cannon canoe canoeing canoes canon canopy cans canvas canyon cap cape capes
capri caps captain capture captured captures car card cardboard cardigan cards care carefully
cargo caricature carnival carousel carpenter carpentry carpet carpeted carriage carried carrier
carries carrot carrots carry carrying cars cart cartoon carts cartwheel carve carved carves
carving case cases cash cashier casino casserole cast casting castle casts casual casually cat
catch catcher catches catching cathedral cats cattle caucasian caught cause causing caution cave
ceiling celebrate celebrates celebrating celebration cell cello cellphone cellphones cellular
cement cemetery center ceramic cereal ceremonial ceremony chain chained chains chainsaw chair
chairs chalk chalkboard challenge challenging champagne chandelier change changing chaps character
characters charcoal charging chart chase chased chases chasing chat chats chatting check checked
checkered checkers checking checkout checks cheek cheeks cheer cheered cheering cheerleader
cheerleaders cheerleading cheers cheese chef chefs chemistry cherry chess chest chested chests
chew chewing chews chicken chickens chief child children chili chin chinese chip chips chisel
chiseling chocolate choir chopped chopping choppy chops chopsticks chores christmas chubby chunk
church cigar cigarette cigarettes cigars cinder circle circles circuit circular circus citizen
citizens city cityscape civilian civilians clad clams clap clapping claps clarinet clasped class
classic classical classmates classroom claw clay clean cleaned cleaner cleaning cleans clear
clearing clearly clears cleats clerk cliff cliffs climb climbed climber climbers climbing climbs
clinging clings clipboard clock clocks close closed closely closer closes closeup closing cloth
clothed clothes clothesline clothing cloths cloud clouds cloudy clover clown clowns club cluster
clutching cluttered co coach coal coals coast coaster coastline coat coats cob cobbled cobblestone
cockpit cocktail coconut coconuts coffee coin coke cold collage collar collared collars collect
collected collecting collection college collide colliding collie color colored colorful colorfully
coloring colors colourful column columns com comb combat come comes comfortable comforter
comforting coming commercial communicating community commuter compact companion company
compartment compete competes competing competition competitive competitively competitor
competitors complete completed completely completes completing complex composed computer computers
concentrates concentrating concerned concert concession concrete condiments conditions condoms
conducting conductor cone cones conference confetti confused congregate congregated congregating
congregation conical connected consisting constructed constructing construction contact container
containers containing contains contemplates contemplating contents contest contestant continue
contraption control controlled controller controllers controlling controls convenience convention
conversation conversations converse converses conversing convertible conveyor cook cooked cookie
cookies cooking cookout cooks cool cooler coolers cooling cop copper coral cord cords corn
corndogs corner corral corridor costume costumed costumes cotton couch couches could counter
counters countertop country countryside couple couples course court courtyard cover coveralls
covered covering coverings covers cow cowboy cowboys cowgirl cows crab crack cracked craft
crafting crafts cramped crane crash crashes crashing crate crates crawling crawls crayon crayons
crazy cream create created creates creating creation creative creature creek creme crest crew crib
cricket cries crime crocodile crop cropped crops croquet cross crossbones crosscountry crossed
crosses crossing crosswalk crotch crouch crouched crouches crouching crowd crowded crowds crown
crowns cruise crust crutches crying crystal cubicle cucumbers cuddling cue cultural culture cup
cupcake cupcakes cups curb curious curiously curled curling curls curly current currently curtain
curtains curve curved curvy cushion customer customers cut cute cutoff cutout cuts cutting cycle
cycles cycling cyclist cyclists cylinder dachshund dad daily damaged dance dancer dancers dances
dancing dandelion dandelions dangerous dangling dappled daring dark darkened darker darkly dart
darts daughter daughters day daylight days daytime de dead dealer debris decals decide decides
deciding deck decked decker decorate decorated decorating decoration decorations decorative deep
deer defend defender defenders defending defends defense defensive deflated deli delicious
delivering delivery demonstrate demonstrates demonstrating demonstration denim dental dentist
department depicting derby descend descending descends descent desert deserted design designed
designer designs desk desks desktop desolate desperately dessert desserts destination detector
determined device devices devil diamond diaper diapers different dig digging digital digs
dilapidated diligently dim dimly diner diners dining dinner dinosaur dip dipping dips direct
directing direction directions directly directs dirt dirty disc discuss discussing discussion dish
dishes dishwasher disk display displayed displaying displays disposable distance distant distorted
district ditch dive diver divers diverse dives divided diving do doberman dock docked docking
doctor doctors documents does doesn dog dogs doing doll dollar dollhouse dolls dolly dolphin dome
dominoes don donations done donkey donkeys donning donut donuts door doors doorstep doorway dorm
dot dots dotted double dough doughnut doughnuts down downhill downtown downward downwards dozen
drag dragging dragon drags drain drainage dramatically draped draw drawer drawing drawings drawn
draws dreadlocks dreads drenched dress dressed dresser dresses dressing dribbles dribbling dried
dries drift drifting drill drilling drink drinking drinks drive driven driver drivers drives
driveway driving drop droplets dropped dropping drops drum drummer drumming drums drumsticks drunk
dry dryer drying duck ducks duffel dug dummy dump dumping dumps dumpster dune dunes dunk dunking
dunks during dusk dust dustpan dusty duty dye dyed each eagerly eagle ear earbuds early earmuffs
earphones earpiece earring earrings ears earth easel eastern eat eaten eatery eating eats edge
edges egg eggs eight either elaborate elbow elder elderly electric electrical electronic
electronics elegant elementary elephant elephants elevated elevator else embankment embrace
embraces embracing emergency emerges emerging emotion employee employees empty emptying enclosed
enclosure end ends enforcement engage engaged engaging engine enjoy enjoying enjoys enough
ensemble enter entering entertain entertained entertainer entertaining entertainment entertains
enthusiastic enthusiastically entire entrance entry environment equestrian equipment equipped era
escalator escalators escape espresso establishment ethnic even evening event evergreen every
everyone everything everywhere evil examine examined examines examining excavator except exchange
excited excitedly excitement exciting exercise exercises exercising exhibit exhibition exit
exiting exits exotic expanse expensive experiment explaining explains explores exploring explosion
exposed expression expressions extended extending extends exterior extreme extremely eye eyed
eyeglasses eyes fabric fabrics facade face faced faces facial facility facing factory faded fair
fairground fairly fairy fake fall fallen falling falls families family famous fan fancy fans far
farm farmer farmers fashion fashionable fashioned fast fat father fatigues faucet favorite feather
feathered feathers features featuring fed fedora feed feeding feeds feet fell fellow female
females fence fenced fencers fences fencing ferry festival festive fetch fetches fetching few
field fields fight fighter fighters fighting fights figure figures file filed fill filled filling
fills film filmed filming films find finds fine finger fingernails fingers finish finished
finishes finishing fire firefighter firefighters fireman firemen fireplace fires firetruck
fireworks firing first fish fisherman fishermen fishes fishing fist fists fit fitted fitting five
fives fix fixed fixes fixing fixture fixtures flag flags flame flames flaming flanked flannel
flaps flash flashing flashlight flat flatbed flea fleece flexing fliers flies flight flip flipped
flippers flipping flips float floatation floaties floating floats flock flood flooded floor
floored flooring floors flop floppy flops floral florescent flotation flour flower flowered
flowering flowers flowery flowing fluffy fluid flung fluorescent flute flutes fly flyer flying
foam foamy focus focused focuses focusing fog foggy foil fold folded folder folders folding
foliage folk folks follow followed following follows food foods foot football footballer
footbridge for force forefront foreground forehead foreign forest forested fork forklift form
formal formally formation formations formed forming forms fort forward found foundation fountain
fountains four fourth frame framed frames free freeway freezer french fresh freshly fridge fried
friend friendly friends fries frightened frilly frisbee frisbees frog frolic frolicking frolics
from front frosting frowning frozen fruit fruits fry frying full fully fun function funny fur
furniture furry further fuzzy gain gallery galloping gambling game games gaming garage garb
garbage garden gardening garment garments garter gas gate gated gates gather gathered gathering
gathers gay gaze gazebo gazes gazing gear geese gentle gentleman gentlemen gently geometric
gesture gestures gesturing get gets getting geyser giant gift gifts gig gingerbread giraffe
giraffes girder girl girlfriend girls give given gives giving glacier glances glancing glass
glasses glider glides gliding glittery globe glove gloved gloves glow glowing gnawing go goal
goalie goalkeeper goat goatee goats goers goes goggles going gold golden golf golfer golfing
gondola gone good goods goofy goose gorilla got government gown gowns grab grabbing grabs graduate
graduation graffited graffiti graffitied grain grains grand granddaughter grandmother grandson
granite grapes graphic grasping grasps grass grasses grassy grate grating gravel gray graying
graze grazing great green greenery greenhouse greenish greens greet greeting grey greyhound
greyhounds grill grilled grilling grills grin grinder grinding grinds grinning grins grip grips
groceries grocery groom groomsmen ground grounds group grouped groups growing growling grown guard
guarded guarding guards guest guests guide guided guides guiding guitar guitarist guitarists
guitars gum gun guns guy guys gym gymnasium gymnast gymnastic gymnastics had hair haircut haired
hairnet hairstyle hairy half halfway hall hallway halter hamburger hamburgers hammer hammering
hammers hammock hand handbag handed handful handheld handicapped handing handkerchief handle
handlebars handles handling handmade handrail hands handsome handstand hang hanging hangs
happening happily happy harbor hard hardwood harmonica harness harnessed harnesses harp harvest
harvesting has hat hate hats haul hauling have having hawk hay hazard he head headband headbands
headdress headdresses headed headfirst headgear heading headlamp headlights headphones heads
headscarf headscarves headset healthy hear heart hearts heat heated heavily heavy heavyset hedge
hedges heeled heels height held helicopter helmet helmeted helmets help helped helping helps her
herbs herd herding here hero herself hi hidden hide hides hiding high highchair higher highly
highway hijab hike hiker hikers hikes hiking hill hills hillside hilltop hilly him himself hind
hip hippie hips his historic historical hit hits hitter hitting hockey hoe hoisted hold holder
holding holds hole holes holiday holing home homeless homemade homes homework hood hooded hoodie
hoodies hoods hook hooked hooking hoop hooping hoops hopes hoping hopping hopscotch horizon
horizontal horizontally horn horned horns horse horseback horses horseshoe horseshoes hose hoses
hospital hot hotdog hotdogs hotel hound hour house houses housing hovering hovers how huddle
huddled huddles hug huge hugged hugging hugs hula human hunched hundreds hung hunting hurdle
hurdles hurry hurrying hurt husband husky hut huts hydrant ice iced icing icy identical if igloo
illuminated image images important in incense incline include includes including incoming index
indian individual individuals indoor indoors industrial infant infants inflatable inflated
information ingredients injured ink inline inner innertube insect inside inspect inspecting
inspects installing instead instructing instructions instructor instrument instruments intense
intensely intently interact interacting interest interested interesting interior international
internet intersection interview interviewed interviewing interviews intimate into intricate
inverted involved involving ipad ipod iron ironing is island isle it item items its itself jacket
jackets jackhammer jagged jamming janitor jar jars javelin jazz jean jeans jeep jersey jerseys jet
jetliner jets jetty jewelery jewelry job jobs jockey jockeys jog jogger joggers jogging jogs join
joke joy joyfully judge judges jug juggler juggles juggling jugs juice jump jumped jumper jumping
jumps jumpsuit jumpsuits jungle junk just kabobs karaoke karate kart kayak kayaker kayakers
kayaking kayaks keep keeper keeping keeps kept ketchup kettle key keyboard keyboards keys khaki
khakis kick kickboxing kicked kicking kicks kid kiddie kids kilt kilts kimono kimonos kind kinds
kiosk kiss kissed kisses kissing kit kitchen kite kites kitten knee kneel kneeling kneels knees
knife knight knit knitted knitting knives knock knocked know lab labeled labor laboratory lace
lacrosse ladder ladders laden ladies ladle lady lagoon laid lake lamb lambs lamp lamps land landed
landing landmark lands landscape landscaping lane lanes language lantern lanterns lap laps laptop
laptops large larger lasso last late latex laugh laughing laughs launch launching laundromat
laundry lavender law lawn lay layer layered layers laying lays layup lead leader leading leads
leaf leafless leafs leafy league lean leaned leaning leans leap leaping leaps learn learning
learns lease leash leashed leashes least leather leave leaves leaving lecture led ledge left leg
legged leggings lego legs lei lemon lemons length lens leopard leotard leotards less lesson let
lets letter lettering letters letting lettuce level liberty library licking licks lid lie lies
life lifeguard lift lifted lifting lifts light lighted lighter lighthouse lighting lightly lights
like likely limb limbs lime limo limousine line lined lines lingerie lining link lion lip lips
lipstick liquid liquor list listen listening listens lit litter littered little live lively lives
livestock living lizard llama load loaded loading loaf lobby lobster local located location lock
locked locker lockers locomotive log logo logos logs lollipop lone lonely long look looked looking
looks loom looms loose lost lot lots lottery loud lounge lounges lounging love lovely lovers low
lower lowered luggage lumber lunch lunchbox lunges lush lying machete machine machinery machines
made magazine magazines magic magnifying mail mailbox main mainly maintenance major make maker
makes makeshift makeup making male males mall mallet man mane maneuver maneuvers manhole manicured
manipulating mannequin mannequins manner mans manual many map maple marathon marble march marches
marching mariachi marina mark marked marker markers market marketplace markings marks maroon
marriage married marsh martial mascara mascot mask masked masks mass massage massive master mat
matador match matches matching material materials mates mats mattress mature may maybe me meadow
meal meals mean measuring meat meats mechanic mechanical medal medals media median medical
medieval meditating medium meet meeting megaphone melons melting member members memorial men menu
menus merchandise merchant mermaid merry mesh mess message messenger messy metal metallic meter
metro metropolitan mic microphone microphones microscope microscopes microwave mid midair middle
midst might military milk mill milling mime mine mingle mingling mini miniature minivan mirror
mirrored mirrors missed misses missing mist misty mitt mittens mix mixed mixer mixes mixing
mixture mobile mock model models modern mohawk mom moment money monitor monitors monk monkey monks
monster monument moon mop moped mopping mops more morning mortar mosaic mossy most mostly mother
mothers motion motions motocross motor motorbike motorbikes motorboat motorcycle motorcycles
motorcyclist motorcyclists motorized mound mount mountain mountaineer mountainous mountains
mountainside mountaintop mounted mouse moustache mouth mouthed mouths move movement moves movie
moving mower mowing mp much mud muddy mug mugs mule multi multicolor multicolored multiple mural
murky muscle muscles muscular museum mushroom mushrooms music musical musician musicians must
mustache mustached mustard muzzle muzzled muzzles my nail nails naked name named names nap napkin
napping naps narrow national native natural nature navigate navigates navigating navy near nearby
nearly nears neatly neck necked necklace necklaces necks necktie need needs neighborhood neon net
nets netting new newborn newly newlywed news newspaper newspapers newsstand next nice nicely night
nightclub nighttime nine ninja nintendo nipple no non noodles normal nose noses not note notebook
notebooks notepad notes nothing notice novelty now nude number numbered numbers numerous nun nurse
nurses nursing nuts oar oars object objects obscured observe observed observes observing obstacle
obstacles occasion occupied occurring ocean octopus odd oddly of off offer offering offers office
officer officers official oil old older olive olives ollie on once oncoming one onesie onion
onions onlooker onlookers onlooking only onstage onto onward open opened opening opens operate
operated operates operating operation operator opponent opponents opposing opposite or orange
oranges orchestra order ordering orders organ organized organizing oriental ornament ornamental
ornaments ornate other others otherwise our out outcropping outdoor outdoors outer outfit outfits
outside outstreached outstretched outward oven over overall overalls overcast overcoat overflowing
overgrown overhang overhead overlook overlooking overlooks overpass oversized overturned
overweight owl own owner owners ox oxen oxygen pacifier pack package packages packed packing packs
pad padded paddle paddles paddling paddy pads page pages pail pain paint paintbrush painted
painter painting paintings paints pair pairs paisley pajama pajamas pale palm pamphlet pan pancake
pancakes panda panel paneled panels pans pant pants paper papers paperwork para parachute
parachutes parachuting parade parading parallel parasail parasailing parasol parent parents park
parka parked parking parlor parrot part partially participant participants participate
participates participating partly partner parts party partying pass passage passed passenger
passengers passerby passersby passes passing passionately past pasta pastel pastries pastry
pasture patch patches path pathway patient patiently patio patriotic patrol patrolling patrons
pattern patterned pause pauses paved pavement pavilion paving paw paws pay paying peace peaceful
peach peacock peak peaks peanut pearl pedal pedaling pedals peddling pedestal pedestrian
pedestrians peek peeking peeks peeling peer peering peers pelican pen pencil penguin pensive
people peoples pepper pepperoni peppers perched perches percussion perfect perform performance
performed performer performers performing performs perhaps period person personal personnel
persons pet petals pets petting pews phone phones photo photograph photographed photographer
photographers photographing photographs photography photos physical piano pick picked picker
picket picking picks pickup picnic picture pictured pictures pie piece pieces pier pierced
piercing piercings pies pig pigeon pigeons piggyback pigs pigtails pile piled piles pillar pillars
pillow pillows pilot pin pinata pine pineapples ping pink pinned pins pinstriped pipe pipes pirate
pirates pit pitbull pitch pitched pitcher pitchers pitches pitching pizza pizzas place placed
places placing plaid plain plains plan plane planes plank planks plant planter planting plants
plastic plate plates platform platter play played player players playful playfully playground
playhouse playing playpen plays plaza plow plowing plugging plush plywood pocket pockets podium
point pointed pointing points pointy poised poker pokes poking polar pole poles police policeman
policemen polish polishing political polka polo pompoms poncho pond pong pony ponytail ponytails
poodle poodles pool poor poorly pop popcorn popping pops popsicle populated porch port portable
portion portrait portraits pose posed poses posing position positioned positions possession
possessions possible possibly post postal posted poster posters posts pot potato potatoes
potential pots potted potter pottery pounces pour pouring pours poverty powder power powered
powerpoint practice practices practicing prayer praying pre pregnant preparation prepare prepared
prepares preparing preschool present presentation presented presenting presents president press
pressed presses pressing pressure presumably pretend pretending pretends pretty pretzels prevent
prey price pride priest primitive princess print printed prints private prize prizes pro probably
problem procedure process procession produce product products professional professionally
professionals professor profile progress project projected projection projector projects promoting
prop propeller proper propped props protect protected protecting protection protective protects
protest protester protesters protesting proud proudly providing pub public puck puddle puddles
puffy pull pulled pulley pulling pullover pulls pump pumping pumpkin pumpkins pumps punch punches
punching punk puppet puppies puppy purchase purchases purchasing purple purse purses pursued push
pushed pushes pushing put puts putt putting puzzle puzzled pyramid quad quarter quarterback
quartet queen question questions quick quickly quiet quietly quilt quite rabbit rabbits race racer
racers races racetrack racing rack racket rackets racks racquet radio raft rafting rafts rag rags
rail railing railings railroad rails railway rain rainbow raincoat raincoats raining rains
rainstorm rainy raise raised raises raising rake rakes raking rally ramp ramps ran ranch random
range rapids rappelling rather ravine raw razor rd re reach reaches reaching read reading reads
ready real really rear rearing rebound receive receives receiving recent recently reception recipe
recliner reclines reclining record recording records recreational rectangular red reddish redhead
redheaded reeds ref referee referees reflected reflecting reflection reflective refreshing
refreshments refrigerator regalia region register rehearsing reindeer related relax relaxed
relaxes relaxing relay release released releasing religious remote remove removed removes removing
repair repairing repairs repelling reporter rescue research residential resort responding rest
restaurant restaurants resting restroom rests retail retaining retrieve retriever retrieves
retrieving return returning returns reunion revealing reviewing ribbon ribbons ribs rice rickshaw
ridden ridding ride rider riders rides ridge riding rifle rifles rig right rim rimmed ring ringing
rings rink riot ripe ripped rise rises rising ritual rival river riverbank road roadside roadway
roadwork roaming roasting robe robed robes robot rock rocker rocket rocking rocks rocky rod rode
rodeo roll rolled roller rollerblader rollerblades rollerblading rollerskater rollerskaters
rollerskates rollerskating rolling rolls romantic romp roof rooftop room rooster rope roped ropes
roping rose roses rottweiler rough roughly round rounding rounds route routine row rowboat rowing
rows royal rubber rubbing rubble rubs rug rugby rugs ruins run runner runners running runs runway
rural rush rushes rushing rust rusted rustic rusty sack sacks sad saddle saddled safe safely
safety sail sailboat sailboats sailing sailor sails salad sale sales salmon salon saluting same
sample samples sand sandal sandals sands sandwich sandwiches sandy sari saris sash sashes sat
satchel sauce sauna sausage sausages save saw sawing saxophone saxophones say saying says scaffold
scaffolding scale scales scaling scantily scared scarf scarfs scarves scary scattered scene
scenery scenic school schoolgirl schoolgirls science scientific scientist scientists scissors
scoop scooping scoops scooter scooters scope score scored scoring scout scouts scratches
scratching screaming screams screen screens scrimmage scrubs scruffy scuba sculpting sculptor
sculpture sculptures sea seafood seagull seagulls seal search searches searching seashore seaside
season seasoning seat seated seating seats seaweed second section secured security see seeds
seeing seem seemingly seems seen sees seesaw selecting selection self selfie sell selling sells
semi seminar senior separate separated sequined series serious seriously serve served serves
service serving session set sets setting setup seven several sewer sewing sews sex sexy shack
shade shaded shades shading shadow shadowed shadows shadowy shady shaft shaggy shake shakes
shaking shallow shape shaped shapes share shares sharing shark sharp shave shaved shaves shaving
shawl she shed sheep sheepdog sheer sheet sheets shelf shells shelter shelves shepherd shield
shielding shields shift shine shined shines shingles shining shiny ship shirt shirted shirtless
shirts shit shocked shoe shoeless shoes shoeshine shoot shooting shoots shop shoppers shopping
shops shore shoreline short shorter shorts shot shotgun shots should shoulder shoulders shouting
shovel shoveling shovels show shower showing shown shows shrimp shrine shrubbery shrubs side
sidecar sideline sidelines sides sidewalk sidewalks sideways sight sign signage signal signals
signing signs silhouette silhouetted silk silly silver similar similarly simple simultaneously
sing singer singers singing single sings sink sinks sip sipping sippy sips sister sisters sit site
sites siting sits sitting situated situation six size sized sizes skate skateboard skateboarder
skateboarders skateboarding skateboards skater skaters skates skating skeleton sketch sketching
ski skier skiers skies skiing skill skillet skills skimpy skin skinned skinny skipping skips skirt
skirts skis skull sky skydiving skyline skyscraper skyscrapers slab slabs slacks slalom slam
slanted sled sledding sledgehammer sleds sleep sleeping sleeps sleepy sleeve sleeved sleeveless
sleeves sleigh slender slice sliced slices slicing slide slides sliding slightly sling slingshot
slip slope slopes slot slow slowly slumped slung small smaller smart smelling smile smiles smiling
smock smoke smokes smokey smoking smooth smoothing snack snacks snake snap snaps sneakers sniffing
sniffs snorkel snorkeling snow snowball snowbank snowboard snowboarder snowboarders snowboarding
snowboards snowcapped snowing snowman snowmobile snowmobiles snowshoes snowstorm snowsuit snowy
snuggling so soaked soaking soap soapy soaring soars soccer social socialize socializing sock
socks soda sofa soft softball soil solar sold soldering soldier soldiers solid solider solitary
solo sombrero sombreros some somebody someone someones somersault something somewhat somewhere son
song sons sort sorting sorts sound soup source space spaghetti spandex spar sparkler sparklers
sparkling sparkly sparks sparring sparse spatula speak speaker speakers speaking speaks spear
special specialized specimen spectators speech speed speedboat speeding speeds spending spike
spiked spikes spiky spin spinning spins spiral splash splashed splashes splashing split splits
splitting sponge sponges sponsored spoon spoons sport sporting sports spot spotlight spots spotted
spout sprawled spray sprayed spraying sprays spread spreading spreads spring sprinkler sprinklers
sprinkles sprint sprinting sprints squad square squares squat squats squatting squeezing squinting
squirrel squirt squirted squirting squirts stack stacked stacking stacks stadium staff stage
stained stainless stair staircase stairs stairway stairwell stall stance stand standing stands
star stare stares staring starring stars start started starting starts states station stationary
statue statues statute stay steak steaks steal steam steaming steel steep steer steering steers
stem step stepping steps stethoscope stick sticker stickers sticking sticks still stilts stir
stirring stirs stocking stockings stomach stone stones stony stood stool stools stoop stoops stop
stoplight stopped stopping stops storage store storefront storefronts stores stories storm story
stove straddling straight straining strange strangely strap strapped straps straw strawberries
strawberry streaks stream streamers streaming street streetlight streets stretch stretched
stretcher stretches stretching strewn stride strides strike strikes striking string stringed
strings strip stripe striped stripes strips stroke strokes stroll stroller strollers strolling
strolls strong structure structures struggle struggles struggling strumming strums stuck studded
student students studies studio study studying stuff stuffed stump stunt stunts style styled
stylish styrofoam sub subject submerged substance suburban subway such sucking suds suit suitcase
suitcases suite suited suits summer summit sumo sun sunbathers sunbathing sundress sunflower
sunglasses sunhat sunlight sunlit sunny sunrise sunset sunshade sunshine superman supermarket
supplies support supported supporting supports sure surf surface surfboard surfboarder surfboards
surfer surfers surfing surfs surgeon surgeons surgery surgical surprise surprised surround
surrounded surrounding surroundings surrounds surveying surveys sushi suspended suspenders
suspension swampy swan swans sweat sweater sweaters sweatpants sweats sweatshirt sweatshirts
sweatsuit sweaty sweep sweeping sweeps sweet swim swimmer swimmers swimming swims swimsuit
swimsuits swimwear swing swinging swings sword swords swung symbol symbols synchronized system
tabby table tablecloth tables tablet tackle tackled tackles tackling tag tagged tags tail tails
take taken takeout takes taking talent talk talkie talking talks tall taller tambourine
tambourines tan tandem tangled tank tanks tanned tap tape taped target tarmac tarp task tasks
taste tasting tasty tattered tattoo tattooed tattoos taught taxi taxis tea teacher teaches
teaching teal team teammate teammates teams tech technician technique technology teddy tee teen
teenage teenager teenagers teens teeter teeth telephone telescope telescopes television tell
telling tells temple temporary ten tend tending tends tennis tent tents terminal terrace terrain
terrier terriers test testing tether tethered text texting texts th than that thatched the theater
their them theme themed themselves there these they thick thin thing things think thinking third
this those though thought thread three threw through throw throwing thrown throws thumb thumbs
tiara ticket tickets tide tie tied tiered ties tiger tight tightly tightrope tights tile tiled
tiles tilted time tin tinted tiny tip tips tire tired tires tissue to toast toboggan toddler
toddlers toe toes together toilet toilets tomato tomatoes toned tongs tongue tongues too took tool
tools tooth toothbrush top topic topless topped toppings tops torch torches torn torso toss tossed
tosses tossing tote totter touch touches touching tour tourist tourists tournament tow toward
towards towed towel towels tower towers towing town toy toys track tracks tracksuit tractor trade
traditional traffic trail trailer trailing trails train trainer training trains tram trampoline
transit transport transportation transporting trap trapeze trash trashcan travel travelers
traveling travelling travels traverse tray trays treadmill treads treat treats tree trees trekking
treks trench tri tribal tribe trick tricks tricycle tricycles tries trim trimmed trimming trinkets
trio trip tripod trolley trombone troop troops trophy tropical trots trotting trouble trough
troupe trousers truck trucks trumpet trumpets trunk trunks try trying tub tuba tube tubes tucked
tug tugging tugs tulips tumbling tunes tunic tuning tunnel turban turbans turf turkey turkeys turn
turned turning turns turntable turquoise turtle turtleneck tussle tutu tutus tuxedo tuxedos tv
twenty twilight twin twirling twirls twister twisting two tying type types typewriter typing
ukulele ultimate umbrella umbrellas umpire uncut under underground underneath undershirt
underwater underwear uneven unfinished unhappy unicycle unidentified uniform uniformed uniforms
unique unison unit unknown unload unloading unpaved unseen unusual up upcoming uphill upon upper
upright ups upscale upset upside upturned upward upwards urban urinals us use used uses using
utensils utility vacant vacation vacuum vacuuming vacuums valley van vanity varied variety various
varying vase vases vast vault vaulting vegetable vegetables vegetation veggies vehicle vehicles
veil velvet vending vendor vendors venue vertical very vessel vest vests veterans vibrant victory
video videotaping vie view viewed viewer viewing views village villagers vine vintage violin
violinist violins visible visit visiting visitors visor vista vivid viz vocalist volleyball wade
wades wading waffle wagon waist wait waiter waiting waitress waits wake wakeboard wakeboarder
wakeboarding waking waling walk walked walker walkers walkie walking walks walkway wall walled
wallet walls wand wander wandering want wanting wants war warehouse wares waring warm warmers
warming warmly warning warrior was wash washed washer washers washes washing watch watched watches
watching water watercraft waterfall waterfalls waterfront watering watermelon watermelons waters
waterside waterskier waterskiing waterskis waterway watery wave waves waving wavy way we weapon
weapons wear wearing wears weather weathered weaves weaving web wedding weeds weighing weight
weights weird welder welding welds well went were western wet wetsuit wetsuits what wheat wheel
wheelbarrow wheelchair wheelchairs wheeled wheeler wheelie wheeling wheels when where which while
whilst whist whistle white whiteboard whitewater who whole whom whose wicker wide wielding wields
wife wig wigs wii wild wilderness wildflowers wildly will win wind windbreaker winding windmill
window windows windowsill winds windsurfer windsurfing windy wine wineglass wineglasses wings
winner winning winter wintry wipes wiping wire wires wit with within without wizard wok woman
women won wonderful wood wooded wooden woodland woods woodworking wool word words work workbench
worked worker workers working workman workmen workout works workshop world worn worried would
woven wrap wrapped wrapper wrapping wraps wrecked wrestle wrestler wrestlers wrestles wrestling
wrist wristband wristbands wrists write writes writing written wrong xylophone yard yarn yawning
yawns year years yelling yellow yells yet yo yoga you young younger youngster youngsters your
youth youths zebra zebras zip zombie zone zoo
`
    .trim()
    .split(/\s+/),
);
