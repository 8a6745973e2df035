import type { ToolName } from './tool-specs.ts';

/** A program that comes with a system package. */
export interface SystemNeed {
  program: string;
  /** What it is called where it is not Debian's package. */
  elsewhere?: string;
  versionArgs: string[];
  /** Least version that does. */
  least: string;
  /** Package names, by spaces. */
  apt: string;
  brew: string;
  /** A file that apt's packages bring beside the program, as a glob: the program alone does not do there. */
  aptFile?: string;
  /** First stage that needs it; later ones do, too. */
  from: number;
  /** `start`: to run the stage · `bench`: only to measure, drill or test it. */
  use: 'start' | 'bench';
}

/**
 * System packages by the stage that brings them. Stage 1 is Node and SQLite alone, and both come from npm. Tried with
 * Debian 12: redis-server 7.0.15, nginx 1.22.1, wrk 4.1.0, varnish 7.1.1 with varnish-modules 0.20.0,
 * prometheus 2.42.0, prometheus-alertmanager 0.25.0.
 */
export const systemNeeds: SystemNeed[] = [
  {
    program: 'redis-server',
    versionArgs: ['--version'],
    least: '7.0', // an older one refuses appenddirname, which the sessions' configuration has
    apt: 'redis-server',
    brew: 'redis',
    from: 2,
    use: 'start',
  },
  {
    program: 'nginx',
    versionArgs: ['-v'],
    least: '1.20', // the first stable one with -e, which keeps it from a log file that only root may write
    apt: 'nginx',
    brew: 'nginx',
    from: 3,
    use: 'start',
  },
  {
    program: 'wrk',
    versionArgs: ['-v'], // prints its version, then how it is used, and fails
    least: '4.0', // the first one that calls a script's setup() for each thread
    apt: 'wrk',
    brew: 'wrk',
    from: 3,
    use: 'bench',
  },
  {
    program: 'varnishd',
    versionArgs: ['-V'],
    least: '7.0',
    apt: 'varnish varnish-modules', // a C compiler comes along: that is how a configuration is loaded
    brew: 'varnish', // where the modules are in no package, edges do with less
    aptFile: '/usr/lib/*/varnish/vmods/libvmod_xkey.so',
    from: 5,
    use: 'start',
  },
  {
    program: 'prometheus',
    versionArgs: ['--version'],
    least: '2.42', // promtool comes along
    apt: 'prometheus',
    brew: 'prometheus',
    from: 7,
    use: 'start',
  },
  {
    program: 'prometheus-alertmanager',
    elsewhere: 'alertmanager',
    versionArgs: ['--version'],
    least: '0.25', // amtool comes along
    apt: 'prometheus-alertmanager',
    brew: 'alertmanager',
    from: 7,
    use: 'start',
  },
];

/** Looks at the pages of the site as a reader does; asked for by `pnpm site:verify` alone. Tried with Debian 12: 156.0. */
export const browserNeed: SystemNeed = {
  program: 'chromium',
  versionArgs: ['--version'],
  least: '120',
  apt: 'chromium',
  brew: 'chromium',
  from: 1,
  use: 'bench',
};

/** A tool without a system package. */
export interface ToolNeed {
  tool: ToolName;
  /** First stage that needs it. */
  from: number;
  /** What is done instead where it can't be had; without this the stage can't do without it. */
  without?: string;
}

export const toolNeeds: ToolNeed[] = [
  { tool: 'k6', from: 1 },
  { tool: 'versitygw', from: 5, without: 'pictures are kept in a folder' },
];

/** Where packages put programs that an ordinary user's PATH may lack. */
export const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
