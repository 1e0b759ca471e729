/**
 * Texts that cameras and programs put where a person's words belong, in lower case, with what
 * writes them. Only a text that is one of them as a whole is none of a person's.
 */
const cameraWords: readonly (readonly [from: string, ...texts: string[]])[] = [
  ['Olympus and its like', 'digital camera', 'digital still camera', 'camera'],
  ['Sony', 'sony dsc', 'sony', 'cyber-shot', 'dsc'],
  ['Minolta', 'minolta dsc', 'minolta', 'konica minolta'],
  ['Kodak', 'kodak', 'kodak easyshare', 'kodak picture', 'kodak cx digital camera'],
  ['Hewlett-Packard', 'hewlett-packard photosmart', 'hp photosmart', 'photosmart', 'hp', 'iii'],
  ['Samsung', 'samsung', 'samsung techwin', 'digimax', 'kenox', 'samsung camera'],
  ['Nikon, Canon, Fuji and others', 'nikon', 'canon', 'fujifilm', 'pentax', 'ricoh', 'casio'],
  ['phones', 'lge', 'lg', 'htc', 'motorola', 'nokia', 'xiaomi', 'oneplus', 'iphone', 'android'],
  [
    'Android camera apps',
    'binary comment',
    'user comments',
    'user comment',
    'my beautiful picture',
  ],
  ['cheap cameras', 'ycl', 'jpeg', 'jpg', 'exif', 'exif_jpeg_picture', 'exif jpeg', 'exif_jpeg'],
  ['cheap cameras', 'camera phone', 'phone camera', 'man', 'b2', 'icc_profile'],
  ['cheap cameras', 'dvc', 'dv', 'cam', 'snapshot', 'webcam', 'photo by camera', 'image by camera'],
  ['firmware in place of a text', 'default', 'none', 'null', 'undefined', 'unknown', 'n/a', 'na'],
  [
    'firmware in place of a text',
    'test',
    'string',
    'ascii',
    'unicode',
    'jis',
    'empty',
    'no comment',
  ],
  ['empty forms', 'untitled', 'no title', 'no description', 'no caption', 'title', 'caption'],
  ['empty forms', 'image', 'picture', 'photo', 'photograph', 'file', 'description', 'comment'],
  ['empty forms', 'image description', 'picture description', 'add a caption', 'enter a caption'],
  ['empty forms', 'imagedescription', 'image title', 'document', 'new image', 'bild', 'foto'],
  ['screens', 'screenshot', 'screen shot', 'screen capture', 'screengrab', 'bildschirmfoto'],
  ['scanners', 'scan', 'scanned image', 'scanned document', 'scanned picture', 'epson scan'],
  ['scanners', 'hp scan', 'canon scan', 'canoscan', 'image capture plus'],
  ['Apple', 'applemark', 'apple', 'image capture', 'photo booth', 'quicktime'],
  ['Huawei and Honor', 'cof', 'sdr', 'dav', 'mde', 'dig', 'edf', 'nor', 'nfd', 'rbt', 'ptr', 'fbt'],
  ['Huawei and Honor', 'hdr', 'hdrpl', 'rhdr', 'ohdr', 'fpd', 'tpl', 'bty', 'btr', 'bst', 'mtr'],
  ['Huawei and Honor', 'rptnb', 'vdr', 'cuv', 'wtm', 'msc', 'pse', 'gol', 'dof', 'ozn', 'burst'],
  ['ffmpeg and other JPEG writers', 'cs=itu601', 'jfif', 'jfxx', 'bitmap', 'ducky', 'adobe'],
  [
    'web services',
    'oldphotos',
    'facebook',
    'instagram',
    'whatsapp',
    'snapchat',
    'flickr',
    'picasa',
  ],
  [
    'programs',
    'gimp',
    'photoshop',
    'adobe photoshop',
    'imagemagick',
    'paint.net',
    'paint',
    'xnview',
  ],
  ['programs', 'snapseed', 'vsco', 'lightroom', 'adobe lightroom', 'picsart', 'canva', 'figma'],
  ['programs', 'acd systems digital imaging', 'irfanview', 'faststone', 'meitu', 'b612'],
];

const maker = String.raw`(?:agfa|acer|apple|aiptek|benq|canon|casio|concord|epson|fuji(?:film)?|ge|general imaging|hewlett-packard|hp|jenoptik|jvc|kodak|konica(?: minolta)?|kyocera|leica|lg|medion|minolta|nikon|nokia|olympus|panasonic|pentax|polaroid|praktica|premier|ricoh|rollei|samsung|samsung techwin|sanyo|sigma|sony|toshiba|traveler|traveller|umax|vivitar|yakumo|yashica)`;
const done = String.raw`(?:processed|created|made|edited|enhanced|captured|generated|optimi[sz]ed|compressed|resized|converted|exported|rendered|saved|produced|image created|gif created|scanned)`;
const program = String.raw`(?:the )?(?:vsco(?:cam)?|snapseed|gimp|adobe|photoshop|lightroom|imagemagick|ezgif|jpegmini|tinypng|tinyjpg|picsart|afterlight|moldiv|rni films|retrica|b612|meitu|instagram|polarr|prisma|pixlr|fotor|facetune|camscanner|irfanview|xnview|acdsee|photoscape|photogrid|piccollage|picasa|corel|ulead|affinity|krita|inkscape|matplotlib|sharex|greenshot|snipaste|lunapic|canva|bazaart|hipstamatic|darktable|rawtherapee|capture one|luminar|dxo|on1|iphoto|ffmpeg|lavc|gd|libjpeg|jpeg-recompress|photoline|silkypix|hugin|autostitch|ms paint|microsoft paint|open camera|cameramx|camera360|z camera|ebay|[\w.-]+\.(?:com|org|net|io|app))`;

/** Forms of such texts. */
const forms: readonly (readonly [from: string, form: RegExp])[] = [
  [
    'Olympus and its like',
    new RegExp(`^${maker}? ?(?:cx |e-?\\d* )?(?:digital )?(?:still )?(?:camera|dsc)$`),
  ],
  ['Samsung', /^<\s*(?:digimax|kenox|samsung)\b[^<>]*>$/],
  ['Samsung', /^(?:digimax|kenox) [\w ./-]+$/],
  [
    'Kodak, Hewlett-Packard',
    /^(?:kodak|hp|hewlett-packard) (?:dx|cx|dc|ls|photosmart|easyshare)[\w -]*$/,
  ],
  [
    'Huawei and Honor',
    /^(?:oz)?(?:cof|sdr|dav|mde|dig|edf|nor|rbt|ptr|hdrpl|hdr|fpd|nfd)(?:wo|cb|hdr|plus|mi|_?hdr[a-z]?|_[a-z]+)?$/,
  ],
  ['Huawei and Honor', /^(?:cof|sdr|dav|mde|oznor|nor|hdr)_[a-z]+(?:_[a-z]+)*$/],
  [
    'makers',
    new RegExp(`^${maker}(?: (?:camera|corporation|corp|company|camera pictures|optical))*$`),
  ],
  ['WhatsApp', /^(?:img|vid|stk)-\d{8}-wa\d+$/],
  ['VLC', /^vlcsnap-[\dhms-]+$/],
  [
    'names of programs',
    /^(?:adobe|microsoft|corel|arcsoft|ulead|acdsee|picasa|paint shop pro|gimp|photoshop|lightroom|imagemagick)(?: (?:photoshop|lightroom|imageready|fireworks|illustrator|photo editor|photo|paint|office|elements|classic|express|album|cs\d?|cc|pro|version))*(?: v?[\d.]+)*$/,
  ],
  ['folders of cameras', /^dcim\b.*$/],
  ['DJI', /^dji[ _]?[\d_]+$/],
  [
    'file names of cameras',
    /^_?(?:dsc[fn]?|img|imgp|imag|pict|pic|cimg|hpim|kif|sdc|sta|stb|stc|mvc|gopr|g[hxp]|pxl|vid|mvimg|dcp|dscn|dcam|ssl|sam|im|wp|photo|image|picture|file|scan|screenshot|p|r|l|s|d|e|untitled)[-_ ]?[\d][-_ \d]*[a-z]?(?:\.\w{2,4})?$/,
  ],
  [
    'file names',
    /^[^\s.]+(?: ?\(\d+\))?\.(?:jpe?g|jfif|png|gif|tiff?|bmp|webp|hei[cf]|avif|dng|nef|cr[23w]|arw|raf|orf|rw2|psd|mp4|mov)$/,
  ],
  ['paths', /^(?:[a-z]:\\|\\\\|\/)[^\s].*[\\/].+$/],
  ['addresses', /^(?:file source: )?(?:https?:\/\/|www\.)\S+$/],
  [
    'programs',
    new RegExp(
      `^${done}(?: (?:with|by|in|on|at|using|via|from))+:? (?:https?://)?${program}(?:[\\s,.:/-]+\\S+){0,5}\\W*$`,
    ),
  ],
  ['Photoshop', /^file written by adobe photoshop\b.*$/],
  ['gd', /^creator: gd-jpeg\b.*$/],
  [
    'JPEG libraries',
    /^(?:lead technologies|intel\(r\) jpeg library|handmade software|lavc[\d.]+|xv version|acd systems|ulead systems|jpeg encoder|created by the independent jpeg)\b.*$/,
  ],
  ['JPEG libraries', /^(?:optimi[sz]ed|compressed) by \S+.*\d$/],
  [
    'settings of programs',
    /^(?:quality|compression|software|encoder|version|charset|creator|encoding)\s*[:=].*$/,
  ],
  [
    'GIF writers',
    /^(?:gif|animation|animated gif)? ?(?:optimi[sz]ed|made|created|built) (?:with|by|using) (?:ulead|gif|ezgif|gifsicle|imageready)\b.*$/,
  ],
  ['Facebook', /^fbmd[0-9a-f]+$/],
  [
    'shot on',
    /^shot (?:on|with|by) (?:my )?(?:oneplus|xiaomi|redmi|mi|poco|honor|huawei|vivo|oppo|realme|samsung|galaxy|iphone|moto|nokia|pixel|lg|leica)\b[\w .+|/-]*$/,
  ],
];

/** Forms of what is written by and for programs. */
const technical: readonly (readonly [kind: string, form: RegExp])[] = [
  ['nothing but numbers and marks', /^[\P{L}]*$/u],
  ['control characters', /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/],
  ['XML', /^<[?!]?[a-z][^>]*>.*[>;]$/],
  ['a tag', /^<\/?[\w :/.-]+>$/],
  ['a hash or an id', /^(?:0x)?[0-9a-f]{16,}$|^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/],
  ['bytes in hexadecimal', /^(?:[0-9a-f]{2}[ :,-]){7,}[0-9a-f]{2}$/],
  [
    'exposure',
    /^(?:(?:f\/?\d+(?:\.\d+)?|1\/\d+(?:\.\d+)? ?s?(?:ec)?|\d+(?:\.\d+)? ?(?:mm|s|sec|ev)|iso ?\d+)[\s,;|·@-]*){2,}$/,
  ],
  [
    'position',
    /^(?:lat(?:itude)?|gps|lon(?:gitude)?)\b[\s\d:=.,°'"nsew+-]*(?:lon(?:gitude)?|lng)?[\s\d:=.,°'"nsew+-]*$/,
  ],
  ['position', /^\d+[°.][\d\s.'"′″°]*[ns]?[\s,;]+\d+[°.][\d\s.'"′″°]*[ew]?$/],
  ['size', /^\d+ ?[x×] ?\d+(?: ?(?:px|pixels?|dpi))?$/],
];

/** Three or more settings, as `filter: 0; mask: 1; module: f`. */
const setting = /(?:^|[;,|&\n]\s*|\s)[\w.-]+\s*[:=]\s*[^\s;,|&]+/g;
const base64 = /^[A-Za-z0-9+/_-]{24,}={0,2}$/;

const known = new Set(cameraWords.flatMap(([, ...texts]) => texts));

/**
 * A text with its white space tidied; null where it is nothing, or not a person's: what cameras and
 * programs write by themselves, and what is meant for programs.
 */
export function personsWords(text: string): string | null {
  const tidy = text
    .replace(/[\s\u00a0]+/g, ' ')
    .replaceAll('\0', '')
    .trim();
  return tidy === '' || isCameraText(tidy) || isTechnical(tidy) ? null : tidy;
}

function isCameraText(tidy: string): boolean {
  const bare = tidy
    .toLowerCase()
    .replaceAll(/[®™©]/g, '')
    .replace(/^[\s"'“”<([*_.-]+|[\s"'“”>)\]*_.!-]+$/g, '');
  const lower = tidy.toLowerCase();
  return (
    known.has(bare) ||
    forms.some(([, form]) => form.test(bare) || form.test(lower)) ||
    // One character again and again, as firmware fills a field.
    /^([ -~])\1{3,}$/.test(lower)
  );
}

function isTechnical(tidy: string): boolean {
  const lower = tidy.toLowerCase();
  return (
    technical.some(([, form]) => form.test(lower)) ||
    isJson(tidy) ||
    isBase64(tidy) ||
    isSettings(tidy)
  );
}

function isJson(tidy: string): boolean {
  if (/^[{[]\s*(?:"|\{|\[)[^]*[:,][^]*$/.test(tidy)) return true;
  if (!/^[{[]/.test(tidy)) return false;
  try {
    JSON.parse(tidy);
    return true;
  } catch {
    return false;
  }
}

/** Long, without a space, and mixed as no word is. */
function isBase64(tidy: string): boolean {
  return base64.test(tidy) && /[a-z]/.test(tidy) && /[A-Z]/.test(tidy) && /\d/.test(tidy);
}

/** Where settings are most of the text. */
function isSettings(tidy: string): boolean {
  const found = tidy.match(setting) ?? [];
  return found.length >= 3 && found.join('').length > tidy.length / 2;
}
