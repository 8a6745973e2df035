import { pick, type Random, whole } from './prng.ts';

const FIRST_NAMES =
  `Ada Amir Anna Bora Carlos Chen Dana David Elif Emma Farid Grace Hana Hugo Ines Ivan Jin Joana Kaito Kofi
Lars Leila Lucia Marco Maya Mina Nadia Noah Olga Omar Priya Rafael Rosa Sara Seo-yeon Tomas Uma Viktor Yara Zoe`.split(
    /\s+/,
  );
const LAST_NAMES =
  `Adeyemi Alvarez Andersen Baker Bauer Choi Costa Diaz Eriksen Farah Fischer Garcia Haddad Hansen Ito Jansen
Kaya Kim Kowalski Lee Lopez Martin Mensah Moreau Nakamura Novak Okafor Park Patel Petrov Rossi Sato Silva Singh Smith Tanaka
Weber Wilson Yilmaz Zhang`.split(/\s+/);
const OPENERS =
  `Notes on|Thoughts about|Learning from|A year of|What I know about|The trouble with|Small steps in|Again:
|Questions on|In praise of|Against|Beginning with|The quiet side of|Ten minutes of|Looking back at|A field guide to`
    .split('|')
    .map((opener) => opener.trim());
const TOPICS =
  `garden bread winter market harbour bicycle library kitchen mountain river morning train letter window island
song coffee bridge forest painting`.split(/\s+/);
const CLOSINGS = [
  '',
  ' at night',
  ' for beginners',
  ' in the rain',
  ', revisited',
  ' by the sea',
  ' with friends',
  ' alone',
];
const WORDS =
  `the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up said what its about than
into them can only other time new some could these two may first then do any like my now over such our man me even most made
after also did many off before must well back through years much where your way down should because long each just state those
people too little good world very year still see own work day get here between both life being under three never know same
last another while us might great old come since go against right came take used himself few house use place during high
without again home around small however found part school every another light water hand night side city road table winter
river paper story voice garden summer morning letter music window market kitchen bridge harbour`.split(/\s+/);

export function memberName(random: Random): string {
  return `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`;
}

export function title(random: Random): string {
  return `${pick(random, OPENERS)} the ${pick(random, TOPICS)}${pick(random, CLOSINGS)}`;
}

/** Characters of the text that all bodies are cut from. */
const POOL_LENGTH = 400_000;
const LONGEST_WORD = 10;

/**
 * Gives texts of `least` to `most` characters, short ones more often: the logarithm of the length is spread evenly.
 * A text is a slice of one long text made beforehand; V8 slices without copying, which is what makes a million bodies cheap.
 */
export function bodies(random: Random, least: number, most: number): () => string {
  const pool = sentences(random, POOL_LENGTH);
  const starts = sentenceStarts(pool).filter((start) => start < pool.length - most);
  const lowest = Math.log(least);
  const highest = Math.log(most - LONGEST_WORD - 1);
  return () => {
    const start = pick(random, starts);
    const length = Math.floor(Math.exp(lowest + random() * (highest - lowest)));
    return pool.slice(start, pool.indexOf(' ', start + length));
  };
}

function sentences(random: Random, length: number): string {
  const parts: string[] = [];
  for (let written = 0; written < length; ) {
    const words = Array.from({ length: whole(random, 5, 16) }, () => pick(random, WORDS));
    const text = words.join(' ');
    const sentence = `${text[0]?.toUpperCase()}${text.slice(1)}. `;
    parts.push(sentence);
    written += sentence.length;
  }
  return parts.join('');
}

function sentenceStarts(pool: string): number[] {
  const starts = [0];
  for (let at = pool.indexOf('. '); at !== -1 && at + 2 < pool.length; at = pool.indexOf('. ', at + 2))
    starts.push(at + 2);
  return starts;
}
