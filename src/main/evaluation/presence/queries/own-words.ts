/** Words for a photo of Flickr8k dev, written from the photo alone, without its captions. */
export interface OwnWords {
  /** File name of the photo. */
  readonly file: string;
  readonly text: string;
}

/** For every fifth photo by name; file name and words. */
export const ownWords: readonly OwnWords[] = `
1022454332_6af2c1449a.jpg silhouettes feeding ducks at a park pond
1056249424_ef2a2e041c.jpg children with an orange beach ball at a lake
1088767354_2acee738cf.jpg carnival dancer with red feathers
1131155939_b4b457b05e.jpg labrador jumping over surf near a pier
1215334959_b1970965f7.jpg four tourists on a sea wall eating
127450902_533ceeddfc.jpg climbers crossing desert-like snow at sunset
1332823164_c70a5d930e.jpg alone by a stormy sea, red jacket
1355935187_2c99648138.jpg fluffy sheepdog coming out of an agility tent
1387443857_602ab6f9bf.jpg pensioners sitting at the harbour
141755292_7a0b3364cf.jpg students getting food at a buffet
143552829_72b6ba49d4.jpg trials motorbike in a creek
1468389504_c724bdcad0.jpg little girl in pink on a climbing frame
1476241331_2f43b67aed.jpg brothers looking into a park bin
1526325728_74eb4153d8.jpg weimaraner with seaweed in its mouth
1580671272_3e99d94305.jpg horse in a blue rug being fed from a bucket
1679557684_50a206e4a9.jpg two dogs in a garden, one leaping very high
179009558_69be522c63.jpg girl on a red bike, dog lying next to her
191003283_992257f835.jpg toddler in red overalls on a town square
1999444757_1b92efb590.jpg karate class punch
2053733930_e245615ad4.jpg skis and a pole left lying in powder
2061927950_dafba5b8a3.jpg couple with a baby and pram on brick stairs
2090387793_274ab4cf7d.jpg young man in a black beanie, winter street
2095444126_201ff9f222.jpg puppy shaking its head on wet pavement
2100735137_05c6079537.jpg kid stomping on an air rocket toy
2115620856_4fa5025ac6.jpg main street of a small town under green mountains
2141713971_e25eb12712.jpg snowboarding lesson in the woods
2165461920_1a4144eb2b.jpg white racing dogs with muzzles clearing a hurdle
2178095150_436b035741.jpg greyhound race at night
2190137367_746335f707.jpg man brushing a yorkshire terrier on the carpet
2199083344_3aa77f4879.jpg teenager with a purple water bottle
2217328285_b1d55c17ca.jpg dog balancing on driftwood
224026428_0165164ceb.jpg boy watching a royal guard in a red coat
2266144051_614b2d62b0.jpg cyclist with a messenger bag, black and white
2286823363_7d554ea740.jpg boy leaping in the living room
229954612_a4438297ee.jpg willow tree over a lily pond
2308256827_3c0a7d514d.jpg kid holding on to ropes at an adventure playground
2339573065_91f1e3be60.jpg woman with an ice cream, out of focus lights
2354064281_10afa38206.jpg a german shepherd mix and a brown dog on frosty grass
2364774105_fbaf0c191f.jpg toddler walking by red rocks
2384550175_e421d3a871.jpg children on swings with yellow poles
2399219552_bbba0a9a59.jpg shirtless boy playing basketball outdoors
2404520067_87798dbaee.jpg german pointer in a marsh
241346923_18bd84bea4.jpg college football game crowd
2417341107_97dbab9c5e.jpg handstand by the ocean
2428094795_d3a8f46046.jpg tricycle and purple hood at dusk
2441815792_43565b1312.jpg group portrait on a street corner
244870123_dcb6e53643.jpg tug of war over a rag between two dogs on a deck
2458033289_f0616879df.jpg old mechanic outside a used tire shop
2474092890_6c0781a8ed.jpg someone hiding their face on an orange bench
2480668859_6f9b46be6a.jpg eight rowers in a racing shell
2485467050_1d5e2696d4.jpg kids jumping for joy in the garden
2502354602_f4d6dcf42d.jpg bride shouting at the groom
2515247156_c1b759fc33.jpg baby laughing on a blue slide
2525716531_e6dedee421.jpg police dog training, attacking a padded arm
2543017787_9720b4fa1c.jpg child on a tyre swing
255741044_1102982213.jpg boxer dogs running side by side
2578289278_01516d23a0.jpg rodeo rider thrown off
2589308405_e208b5e745.jpg sack race by a tennis court
2598012140_832863fcb9.jpg cat and small white dog asleep on the sofa
2613889835_6f50a3b83b.jpg kayaks among water lilies
2623496164_68ffeb5067.jpg mountain bike trail on a ski hill in summer
2635164923_2a774f7854.jpg kid learning to skateboard, blue helmet
2646540383_343e1ec9a4.jpg inflatable slide at a pool party
2659183350_730951f740.jpg giant baseball ball and children
267015208_d80b3eb94d.jpg green vw beetle in front of a gothic building
2693539377_5442430f81.jpg screaming on a fairground ride
2703155733_19ac6f97a8.jpg dancer on stage with a golden cloth
2714674623_8cd05ac114.jpg man dozing on the bus
2736508369_fd9ff0b42f.jpg sliding into base
2745811124_12c4426b8b.jpg sheep judging at a county fair
2759089516_cbb993cb92.jpg legs sticking out of a cat flap
2775249812_f4db95e818.jpg woman in a white winter coat between water jets
2800934095_b84a5009dd.jpg brown dog with a tennis ball, very saturated colours
2815755985_0fa55544c0.jpg girl in a bouncy castle
2833431496_09d999db4d.jpg kids peering down through a railing into the water
2858759108_6e697c5f3e.jpg racing greyhound number 8
2869009633_ea3cafd437.jpg women in bikinis, cargo ship behind
2883907436_82bf4a36b8.jpg homeless person with a shopping cart and a dog
2887750774_920eb171aa.jpg dog wading along the shore
2898304260_a4099a193a.jpg skateboarder in mid air seen from below
2902486045_6298eb22ef.jpg italian greyhounds sniffing at a hydrant
2908466042_bf07cb52c7.jpg two shiba inus play fighting
2920969723_83918fe909.jpg skater grinding a ledge beside an old warehouse
2934628301_41ea2e6cf9.jpg black dog splashing
2939371251_f923569a72.jpg american football, running with the ball
2950637275_98f1e30cca.jpg selfie-like upside down man with a cap
2976684095_ce7ccfd423.jpg cartwheel on a lawn with autumn leaves
2983555530_a89f1f5ed7.jpg muddy quarterback
2987775031_3f9ac69319.jpg cyclist wearing a funny red wig
3005126574_49c28ffbee.jpg portrait of a man in the dark looking sideways
3012513414_86180c44cb.jpg freestyle skier upside down over a kicker
3030079705_0dee8a3e89.jpg dad and daughter on a picnic blanket
3043904009_3b5e0412cd.jpg computer screens showing abstract art
3047751696_78c2efe5e6.jpg mother holding a baby in a cafe
3075068274_2a28a5263b.jpg half pipe trick, blue sky
309049466_1d7e7d5fc2.jpg dog with a snowball in its jaws
309771854_952aabe3cc.jpg orthodox priests outside a church
3104690333_4314d979de.jpg children crawling in snow at dusk
3122579598_14841c038a.jpg kids petting a white puppy
3134387321_3a253224c1.jpg friends dressed up in a bar
3149804151_1cc8d10783.jpg motocross in sand dunes
3159641529_c2c74f3eaf.jpg jack russell running flat out
3170110692_d1e0e66cee.jpg grandparents with groucho glasses and cigars
3174156702_95a1cda2d9.jpg boy kneeling in a swamp
3176968956_d942a93513.jpg windsurfer
3186556417_b2d6921a20.jpg child surrounded by pigeons
3191982761_88793192ed.jpg band photo in a derelict building with graffiti
3198247669_7493af04a7.jpg fishing with a hand net at sundown
3205839744_24504ba179.jpg dog sleeping on a green cushion
3209966887_5b744bd050.jpg street artist painting chinese characters with his feet
3214381315_b54f5c9be4.jpg men lifting a boy in a crowd of soldiers
3217291172_10ef70af88.jpg two men in woolly hats
3223709894_97824ba76f.jpg cockapoo trotting through the yard
3229913073_e7857a5966.jpg toddler lying on his stomach in the grass
3234890865_bb3c316968.jpg skate park indoors, fisheye
3242007318_01e82171aa.jpg two asian women smiling outside a shopping mall
3247693965_845b3b4349.jpg yellow lab with a leash in the snow
3256272547_5ae6c66293.jpg man walking through a burning field, photographers watching
3262301835_9f1a49b80a.jpg elderly men at a bus stop
3266261886_36e1323d2f.jpg sumo wrestlers grappling
3275711232_e261143664.jpg woman with a scarf pulled over her face
3287904625_f68ca5cea7.jpg couple hugging by an icy river
3293945284_6a04e477a9.jpg kite festival
3313620862_0c65c645f5.jpg snowboarder in a bikini top in front of a grandstand
3323076458_3ce72a1dae.jpg cattle dog sprinting on bark
3330333217_1a69497a74.jpg masai men in red and blue robes
3333017828_b930b9d41b.jpg border collie on a wet beach
3342271377_446ffc34c0.jpg mardi gras costumes
3355683198_715fb1a2ac.jpg rollerblader sliding down a stair rail
3365602213_dd3287a633.jpg climbing a rope net, seen from underneath
3373544964_c9f1253b7d.jpg boy and pit bull on a trampoline
3383037991_8f07784b81.jpg mastiff that tore up paper on the bed
3393446245_37dd3f3b59.jpg old russian lady with a headscarf
3398788809_25c71ba018.jpg men talking in the forest, guitar on a back
3403263046_3cc701a07a.jpg women's basketball close up
3415113018_7b95ddcd11.jpg rugby match
3420278866_1d17c12713.jpg tennis pro, backhand, dark background
3421547427_53411b6278.jpg tennis player in a blue shirt serving
3425918361_3b890d9575.jpg little boy on a bike from behind
3435015880_eda46ff50f.jpg jumping on a hilltop above a river valley
3439243433_d5f3508612.jpg samoyed
3444684583_6656e38088.jpg mountain board stunt in the sky
3449718979_e987c64e2d.jpg bullmastiff walking down a wall
3457784061_8f77f43a9c.jpg ten pin bowling
3461110860_37ef15af8e.jpg press photographer in a night crowd
3470303255_fbb41b8dd0.jpg baby smelling cherry blossom
3478877323_0a507a601b.jpg tulip fields
3482879314_d3387e95b1.jpg bmx jump show with kids watching
3487131146_9d3aca387a.jpg rally car kicking up dust
3495453699_1c9faedf3c.jpg grandpa doing a silly balance for a little girl, paris
3504158556_1d410c8ff7.jpg african men leaning against a jeep
3512127856_18a4c7aace.jpg shy girl in a doorway with framed drawings
3516285214_59823b341e.jpg surfing inside the barrel
3520936130_9e90872560.jpg family on a dark porch
3525403875_7f95e0cbfe.jpg two spaniels with a yellow ball
3532200762_b28c39d311.jpg child walking where the waves wash up
3540416139_c884f38351.jpg dog chasing a lure on a lawn
3545793128_af3af544dc.jpg political rally in asia
3550276904_19de3561c5.jpg bored grandmother and granddaughter
3557324238_6ba58831d9.jpg boy with a balloon on sand
3563461991_de05537878.jpg telephoto lens on a tripod at a lake
3576536763_3c8c4f232e.jpg girl in pink running away from waves
3585123310_9a8e94bd2b.jpg newborn puppies and a bottle
3590753142_61993d39df.jpg manhattan skyline from across the river
3604928725_58147c87cd.jpg swimmers on an air mattress and a dog
3618504267_d7eaa495d0.jpg stilt walker with a small dog
3624676866_8f6d0efcc9.jpg samba parade in blue dresses
3635991166_f95304af0a.jpg boys with a football in the schoolyard
3653484549_f316590b0f.jpg birthday cake candles
3665179773_dd217416fc.jpg hugging a friend with a bicycle helmet
3679407035_708774de34.jpg guy in a crop top at pride
3686078365_9e655e238f.jpg tattooed back, pink hair
369186134_5eef374112.jpg three brown dogs in snow
3700004668_99c3e3f55b.jpg swimming with dad in a life vest
3710520638_866d542a80.jpg black lab jumping into a lake
3716272233_7845ec5b3e.jpg heron taking off
3730011701_5352e02286.jpg baby in a sun hat on the beach, tents behind
391324644_d23fdf06cb.jpg inline skater on a yellow rail, purple sky
397815951_3b02090324.jpg two dogs wrestling on parquet
411175971_0fffd3b8c6.jpg foggy beach and a lonely dog
421316045_ae7a1eb4bc.jpg kids messing about on a couch
427936315_0b8f7b8d23.jpg malinois catching a frisbee
441398149_297146e38d.jpg red dress next to a stop sign
459778335_857d8ffebf.jpg father throwing his son in the air on the beach
464506846_1734302b58.jpg great dane galloping on a meadow
476740978_45b65ebe0c.jpg protesters with pink letter signs
493542985_c85ad29ebe.jpg sculling woman
511749704_3037806cb1.jpg black teenager on a skateboard
522652105_a89f1cf260.jpg child in a ball pit
535123126_c06c1ab9bf.jpg scruffy terrier biting a shepherd dog
541046380_513e295384.jpg little girls dancing outside a toy workshop
587604325_af5d6df679.jpg poodles playing
619169586_0a13ee7c21.jpg hiker at a viewpoint over forests
640053014_549d2f23d2.jpg dirt bike high jump under grey clouds
664341930_bd5c8b60ea.jpg levitating over a red couch
756004341_1a816df714.jpg sunglasses and a beret, kids on the grass
802594049_289e3c8420.jpg bearded man in a purple hoodie, blank wall
862177617_c2c0581075.jpg blue braids and a fur hood
911795495_342bb15b97.jpg long haired girl holding a swing chain
97105139_fae46fe8ef.jpg arabs waving at a car in the desert
`
  .trim()
  .split('\n')
  .map((line) => {
    const end = line.indexOf(' ');
    return { file: line.slice(0, end), text: line.slice(end + 1) };
  });
