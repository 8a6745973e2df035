/**
 * Every code that an error of a command can carry, and what it stands for. Each is a heading of docs/troubleshooting.md, which
 * says what to do where the error's own line does not suffice; a test holds the two together.
 */
export const errorCodes = {
  'D90-INPUT': 'what was asked for is not there, or not possible so; the line names what is',
  'D90-OUTSIDE': 'the command was run outside of the checkout',
  'D90-PORT-TAKEN': 'another process listens on a port that a box needs',
  'D90-ALREADY-UP': 'an instance of that name is up, or starting',
  'D90-NOT-UP': 'the instance, or the box of it that was asked, is not up',
  'D90-ONE-AT-A-TIME': 'the same work is under way already',
  'D90-BOX-FAILED': 'a process of the stage ended, or did not become ready in time',
  'D90-DATA-DIFFERS': 'the instance holds data of another version, scale or secret than this start wants',
  'D90-DATA-NOT-LOADED': 'making the data failed',
  'D90-POSTGRES-RUNS': 'a Postgres of an earlier run still has the data folder',
  'D90-SECRETS-BROKEN': 'the file of generated passwords can not be read',
  'D90-DISK-FULL': 'there is no space left on the disk, or in the quota',
  'D90-NO-RIGHT': 'the folder can not be written by this user',
  'D90-PACKAGE-MISSING': 'a system package is missing, too old, or could not be installed',
  'D90-TOOL-MISSING': 'a program that is built by Go is missing, or could not be built',
  'D90-POSTGRES-MISSING': "npm's Postgres for this system is not installed",
  'D90-NO-USER': 'Postgres refuses to run as root, and no other user is there to run it',
  'D90-NO-ROOM': 'this machine has no room for so many boxes',
  'D90-BUDGET-REFUSED': 'the system refuses to limit the CPU of a box',
  'D90-TOPOLOGY': 'a topology or one of its templates is wrong',
  'D90-FAILOVER': 'no replica may lead now, or what was to follow the new primary did not',
  'D90-RESHARDING': 'a move of buckets between shards is half done',
  'D90-NOT-ALIKE': 'two results were not measured alike',
  'D90-NO-RESULTS': 'results are missing, or a file of them is not as it was written',
  'D90-UNFORESEEN': 'a fault of Day90 itself',
} as const satisfies Record<`D90-${string}`, string>;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;
