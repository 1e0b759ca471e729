import { expect, test } from 'vitest';
import { fileNameTime } from '#main/library/metadata/file-name-time.ts';

const now = Date.UTC(2026, 5, 1);
const second = '2019-01-02T03:04:05';
const names: [name: string, text: string | null][] = [
  ['IMG_20190102_030405.jpg', second],
  ['VID_20190102_030405.jpg', second],
  ['PXL_20190102_030405123.jpg', second],
  ['PXL_20190102_030405123.PORTRAIT.jpg', second],
  ['MVIMG_20190102_030405.jpg', second],
  ['IMG20190102030405.jpg', second],
  ['00000IMG_00000_BURST20190102030405678_COVER.jpg', second],
  ['IMG_20190102_030405~2.jpg', second],
  ['IMG_20190102_030405_1.jpg', second],
  ['20190102_030405.jpg', second],
  ['20190102030405.jpg', second],
  ['DJI_20190102030405_0001_D.jpg', second],
  ['Resized_20190102_030405_1234.jpg', second],
  ['Screenshot_2019-01-02-03-04-05.png', second],
  ['Screenshot_20190102-030405_Chrome.jpg', second],
  ['Screenshot from 2019-01-02 03-04-05.png', second],
  ['Screen Shot 2019-01-02 at 3.04.05 AM.png', second],
  ['Screenshot 2019-01-02 at 3.04.05\u202fPM.png', '2019-01-02T15:04:05'],
  ['Bildschirmfoto 2019-01-02 um 03.04.05.png', second],
  ['Capture d’écran 2019-01-02 à 03.04.05.png', second],
  ['2019-01-02 03.04.05.jpg', second],
  ['2019-01-02T03:04:05.jpg', second],
  ['2019.01.02_03.04.05.jpg', second],
  ['Signal-2019-01-02-030405.jpg', second],
  ['signal-2019-01-02-03-04-05-123.jpg', second],
  ['photo_2019-01-02_03-04-05.jpg', second],
  ['WhatsApp Image 2019-01-02 at 03.04.05.jpeg', second],
  ['WhatsApp Image 2019-01-02 at 12.04.05 AM (1).jpeg', '2019-01-02T00:04:05'],
  ['WP_20190102_03_04_05_Pro.jpg', second],
  ['C360_2019-01-02-03-04-05-678.jpg', second],
  ['IMG-20170809-WA0007.jpg', '2017-08-09'],
  ['WP_20150102_001.jpg', '2015-01-02'],
  ['2019_01_02.jpg', '2019-01-02'],
  ['20190102 (2).jpg', '2019-01-02'],
  ['IMG_20190102_250000.jpg', '2019-01-02'],
  ['scan 1978-05-06.jpg', '1978-05-06'],
  ['19780506.jpg', null],
  ['20991231.jpg', null],
  ['IMG_20190230_030405.jpg', null],
  ['20191345.jpg', null],
  ['2012052134.jpg', null],
  ['020190102.jpg', null],
  ['+4420190102.jpg', null],
  ['1546398245.jpg', null],
  ['1546398245123.jpg', null],
  ['DSC_0001.jpg', null],
  ['IMG_2019.jpg', null],
  ['12345678.jpg', null],
];

test.each(names)('%s', (name, text) => {
  expect(fileNameTime(`/photos/2001-01-01/${name}`, now)).toBe(text);
});
