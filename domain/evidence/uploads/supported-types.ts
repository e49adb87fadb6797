/**
 * Extensions of the files that people outside may send unless an organization says otherwise: common
 * formats (product rules, section 4), those of CCTV systems included. In lower case, without the dot.
 */
export const DEFAULT_EXTENSIONS: readonly string[] = [
  // Video
  ...['3g2', '3gp', 'asf', 'avi', 'flv', 'm2ts', 'm4v', 'mkv', 'mov', 'mp4', 'mpeg', 'mpg', 'mts'],
  ...['mxf', 'ogv', 'ts', 'vob', 'webm', 'wmv'],
  // Exports of CCTV and body-worn systems
  ...['264', '265', 'arf', 'av', 'avr', 'ave', 'bix', 'cme', 'dav', 'dvr', 'exd', 'g64', 'g64x'],
  ...['h264', 'h265', 'hav', 'ifv', 'irf', 'mjpg', 'nvr', 'p2x', 'par', 'pns', 'psf', 'sdv', 'ssf'],
  ...['xba', 'zmv'],
  // Images
  ...[
    'arw',
    'bmp',
    'cr2',
    'cr3',
    'dng',
    'gif',
    'heic',
    'heif',
    'jfif',
    'jpeg',
    'jpg',
    'nef',
    'png',
  ],
  ...['psd', 'raw', 'tif', 'tiff', 'webp'],
  // Audio
  ...['aac', 'ac3', 'aif', 'aiff', 'amr', 'caf', 'flac', 'm4a', 'mp2', 'mp3', 'oga', 'ogg', 'opus'],
  ...['wav', 'wma'],
  // Documents and data
  ...['csv', 'doc', 'docx', 'eml', 'gpx', 'json', 'kml', 'kmz', 'log', 'md', 'msg', 'odp', 'ods'],
  ...['odt', 'pdf', 'ppt', 'pptx', 'rtf', 'tsv', 'txt', 'vcf', 'xls', 'xlsx', 'xml'],
  // Archives and images of disks
  ...[
    '7z',
    'ad1',
    'bz2',
    'dd',
    'e01',
    'gz',
    'iso',
    'l01',
    'rar',
    'tar',
    'tgz',
    'ufdr',
    'xz',
    'zip',
  ],
];
