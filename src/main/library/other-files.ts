import { extname } from 'node:path';

/** Files that lie among photos and are none, by their whole name. */
const names = new Set(['thumbs.db', 'desktop.ini', 'ehthumbs.db', 'makefile', 'license', 'readme']);

/** Kinds of files that nobody calls a picture, by extension. */
const extensions = new Set(
  [
    // What cameras and photo programs keep beside photos.
    'aae caption captions ctg dop ini lnk lrcat lrprev lrtemplate modd moff nksc on1 pp3 thm tok url',
    'cos cop comask xmp json jsonl',
    // Texts and documents.
    'bib csv diz doc docm docx dotx epub fb2 htm html key log md mobi nfo numbers odg odp ods odt',
    'pages pot pps ppsx ppt pptx rst rtf srt sub tex tsv txt vtt wpd xhtml xls xlsm xlsx',
    // Archives, disk images and programs.
    '7z apk bz2 cab class deb dll dmg dylib exe gz img iso jar lz4 msi o pkg rar rpm so tar tgz vhd',
    'vmdk wasm xz zip zst',
    // Source code, settings and data.
    'bash bat c cc cfg cmake cmd conf cpp cs css cts cxx dart diff ejs el erl ex fs go gradle graphql',
    'h hpp hs ipynb java jl js jsx kt less lock lua m4 mjs mm patch php pl plist pm proto ps1 py pyc r',
    'rb rs sass scala scss sh sql swift toml tsx vb vue xml xsd xsl yaml yml',
    'accdb bak bin crdownload dat db db-journal db-shm db-wal ldb mdb npy npz onnx parquet part pickle',
    'pkl pt pth safetensors sqlite sqlite3 tmp',
    // Contacts, calendars, mail, fonts.
    'eml ics mbox msg otf pst ttc ttf vcf woff woff2',
    'gpx kml kmz nmea tcx fit',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a name alone tells that a file is no picture, film or sound, so that nobody opens it. */
export function isOtherFile(name: string): boolean {
  const lower = name.toLowerCase();
  return names.has(lower) || extensions.has(extname(lower).slice(1));
}
