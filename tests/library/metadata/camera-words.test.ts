import { expect, test } from 'vitest';
import { personsWords } from '#main/library/metadata/camera-words.ts';

const byMachines = `
OLYMPUS DIGITAL CAMERA
SONY DSC
KODAK Digital Still Camera
KODAK EASYSHARE C340 ZOOM DIGITAL CAMERA
Minolta DSC
MINOLTA DIGITAL CAMERA
KONICA MINOLTA DIGITAL CAMERA
SAMSUNG DIGITAL CAMERA
SAMSUNG CAMERA PICTURES
TRAVELER DIGITAL CAMERA
BENQ DIGITAL CAMERA
VIVITAR DIGITAL STILL CAMERA
PENTAX Digital Camera
Digital Camera
Hewlett-Packard PhotoSmart
<Digimax S500 / Kenox S500 / Digimax Cyber 530>
<KENOX S630  / Samsung S630>
Exif_JPEG_PICTURE
Exif JPEG
JPEG
ASCII
binary comment
User comments
My beautiful picture
default
Untitled
IMAGE DESCRIPTION
no description
Screenshot
Screenshot_2019-01-02-03-04-05
dav
sdr
cof
mde
hdrpl
oznor
oznorWO
cof_vivid
sdr_HDRB
DCIM\\100MEDIA\\DJI_0001.JPG
DCIM/101GOPRO
IMG_1234
_DSC0123
DSC01234.JPG
P1010001
100_1234
IMG-20170809-WA0007
vlcsnap-2019-01-02-03h04m05s123
Holiday-in-Spain(2).jpg
C:\\Users\\Ann\\Pictures\\x.jpg
Created with GIMP
Created with The GIMP
Processed with VSCO with f2 preset
Processed with VSCOcam with a5 preset
Processed with Snapseed.
Processed with MOLDIV
Edited at https://lunapic.com
Resized on https://ezgif.com/resize
File written by Adobe Photoshop® 4.0
Adobe Photoshop CS2
CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90
LEAD Technologies Inc. V1.01
Optimized by JPEGmini 3.11.4.3 0x1b8a4a6d
Intel(R) JPEG Library, version 1,5,4,36
Handmade Software, Inc. Image Alchemy v1.9
Lavc58.54.100
CS=ITU601
AppleMark
Picasa
Shot on OnePlus
Scanned Image
https://example.org/photo
FBMD01000abd030000
{"a":1,"b":[2]}
[{"x":1}]
{}
<?xml version="1.0"?><a>b</a>
<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>
filter: 0; fileterIntensity: 0.0; filterMask: 0; module: 31facing:0; hw-remosaic: 0
AF; WB: auto; Exp: 0.0; Zoom: 1
iVBORw0KGgoAAAANSUhEUgAAAAUA
d41d8cd98f00b204e9800998ecf8427e
c06f7f3a-1b1d-4e39-9c1e-2b7a3f0f9a11
f/2.0 1/100
f/2.8, 1/250s, ISO 400, 35mm
52.5, 13.25
52°30'N 13°15'E
4032x3024
2019-01
*
....
aaaaaaaa
????????`;

const byPeople = `
My first digital camera
Digital camera on a table
A sony dsc for sale
Default Creek
Kodak moment
Leica store in Berlin
Canon Beach
Nikon D90 review
Apple tree
Test drive
Title fight
Picture of Ann
Photo of the day
On photo 0000.jpg
Photo by Ann Smith
Photo 1 of 3: the boat
A screenshot of the game
Scan of grandma's letter
Created with love by Ann
Made with love
Made by Apple employees at school
Processed cheese
Edited on the train
Edited by Mom
Saved by the bell
Shot in Paris
Shot on a rainy day
Shot with Dad
Taken at the lake
Captured by pirates
Ann: 3 years; Bo: 5 years
At 10:30, lunch: soup
Ann & Bo @ the lake
Love <3
x < y
Hello!!!
Summer 2015
50th birthday
100 years of railways
1/2 marathon
F16 over the lake
iso 9001 certificate
www is down
Rex
Dad
Nora
A
Oma füttert die Enten 鴨
桜
ééééé`;

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

test.each(linesOf(byMachines))('%s is no caption', (text) => {
  expect(personsWords(text)).toBeNull();
});

test.each(linesOf(byPeople))('%s is a caption', (text) => {
  expect(personsWords(text)).toBe(text);
});

test('white space is tidied, and control characters are no words', () => {
  expect(personsWords('  A dog\r\n on\tthe \u00a0 grass ')).toBe('A dog on the grass');
  expect(personsWords(' \n ')).toBeNull();
  expect(personsWords('AB\u0001C')).toBeNull();
});
