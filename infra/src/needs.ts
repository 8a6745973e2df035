import type { ToolName } from './tools.ts';

/** A program that comes with a system package. */
export interface SystemNeed {
  program: string;
  versionArgs: string[];
  /** Least version that does. */
  least: string;
  /** Package names. */
  apt: string;
  brew: string;
  /** First stage that needs it; later ones do, too. */
  from: number;
}

/** System packages by the stage that brings them. Stage 1 is Node and SQLite alone, and both come from npm. */
export const systemNeeds: SystemNeed[] = [];

/** Tools without a system package, by the stage that brings them. */
export const toolNeeds: { tool: ToolName; from: number }[] = [{ tool: 'k6', from: 1 }];

/** Where packages put programs that an ordinary user's PATH may lack. */
export const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
