/** A word that people search for, and words that captions may say of a photo that shows it. */
export interface EverydayWord {
  readonly text: string;
  /** The word itself among them. */
  readonly signs: readonly string[];
}

/** Common words, with what in a caption is a sign that the photo may show them. */
export const everydayWords: readonly EverydayWord[] = `
dog: puppy puppies terrier retriever poodle hound greyhound labrador lab shepherd collie spaniel bulldog beagle husky pug doberman dachshund boxer rottweiler mutt corgi dalmatian pit pitbull canine animal weimaraner dane bernard pup
man: men guy male gentleman person people player biker cyclist climber adult boy rider skier skateboarder snowboarder surfer someone couple crowd group hiker worker team kayaker swimmer runner teenager child children kid human wrestlers racer driver family skater friends athlete student musician band
woman: women lady ladies female girl bride mother mom person people couple crowd adult family group someone dancer players tourists team friends
boy: child children kid toddler baby son teenager teen youth man men people infant person male brothers students crowd player
girl: child children kid toddler baby woman women daughter lady people female teen person infant sisters students crowd ladies
child: children kid toddler baby boy girl infant people crowd family youth person students teenager teen
people: person man men woman women boy girl child children kid lady guy crowd group player biker cyclist climber couple team adult baby toddler rider surfer skier someone family hiker snowboarder skateboarder worker kayaker swimmer runner ladies friends dancer tourist teenager racer driver human skater infant bride male female athlete wrestlers student
water: lake ocean river pool sea beach surf waves pond stream creek shore swimming swims splash splashing fountain boat kayak canoe wet waterfall surfer surfing bath bathtub rain puddle hose sprinkler shower harbor canal raft rafting bay coast surfboard drink drinking bottle swimmer dock pier
snow: snowy snowball snowboarder snowboard ski skier skiing ice sled winter snowboarding icy snowbank
ball: football basketball soccer baseball tennis volleyball rugby cricket bowling pool toy frisbee balloon
car: truck van taxi vehicle suv jeep automobile traffic street race racing road bus driver parking
bike: bicycle biker bicyclist cyclist bmx motorcycle motorbike cycling motocross tricycle dirtbike biking motorcyclist
beach: sand ocean sea shore surf surfer surfing waves coast sandy shoreline surfboard
grass: grassy lawn field park yard meadow backyard garden pasture hill outside soccer football baseball golf green
tree: forest woods wooded park branch branches outside leaves yard bushes jungle palm trunk woodland stump hill mountain garden
street: road sidewalk city pavement crosswalk traffic alley town downtown urban curb parade cars bus concrete plaza square
mountain: hill cliff peak mountainside rock mountaintop canyon rocky slope summit valley ridge hillside landscape
hat: cap helmet beanie hood cowboy visor bonnet headscarf turban headdress bandana fedora hoodie
shirt: t-shirt tee tshirt top jersey blouse sweater uniform polo tank suit jacket clothes sweatshirt outfit dressed hoodie vest man woman boy girl people men player child kid
building: house wall church city street tower skyscraper store shop castle window door doorway town urban warehouse architecture structure brick market skyline hut barn
bird: duck eagle pigeon gull seagull heron hawk goose geese swan parrot chicken crane animal
horse: pony cowboy rodeo bull equestrian donkey animal
boat: kayak canoe raft ship sail sailing kayaker kayaking rowing rowers rafting surfboard harbor dock pier
baby: infant toddler newborn babies child kid children puppy calf
couple: people two
guitar: guitarist band musician instrument bass music
sunset: sundown dusk sun sunrise silhouette evening silhouetted setting
rock: rocky cliff boulder stone climber climbing mountain canyon cave climbs stony
smile: smiling laughing laughs grin grinning happy
camera: photographer photo photograph picture video filming lens
swimming: swim swimmer pool underwater floating water
running: runs runner race racing chasing chases jogging jogger ran football soccer rugby sprinting
jumping: jumps leaping leaps midair mid-air air diving dives trick bouncing flip flipping trampoline jumped hopping
soccer: ball football goalie sport
football: rugby soccer ball player quarterback sport
skateboard: skateboarder skateboarding skater skate skating
tent: camping camp campsite canopy booth
cat: kitten
bridge: overpass
flower: tulips rose blossom garden floral petals bouquet plant lilies flowered
`
  .trim()
  .split('\n')
  .map((line) => {
    const [text, signs] = line.split(':');
    return { text, signs: [text, ...signs.trim().split(' ')] };
  });
