/** Ways to write "one folder up" that some server or other has fallen for. */
const UP = [
  '../',
  '..%2f',
  '..%2F',
  '%2e%2e/',
  '%2e%2e%2f',
  '.%2e/',
  '..\\',
  '..%5c',
  '%2e%2e%5c',
  '..;/',
  '.%00./',
  '..%00/',
  '....//',
  '..//',
  '%252e%252e%252f',
  '..%252f',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '..%ef%bc%8f',
  '%u002e%u002e%u2215',
  '..%09/',
  '..%0d%0a/',
];

/** Where paths begin, and a file that is to be found from there. */
const FILES = [
  ['/', 'canary.txt'],
  ['/static/', 'package.json'],
  ['/static/avatars/', 'etc/passwd'],
] as const;

/** Paths that lead out of the folder they begin in, by one level and by six. */
export const PATHS_OUT = UP.flatMap((up) =>
  FILES.flatMap(([from, file]) => [from + up + file, from + up.repeat(6) + file]),
);
