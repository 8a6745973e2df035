import { execFileSync } from 'node:child_process';

/** What a running process was given for a flag: its folder, say, which lies outside of the checkout when root may not let it in. */
export function optionOf(pid: number, flag: string): string {
  const command = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  const [, value = ''] = command.split(` ${flag} `);
  return value.split(/\s/, 1)[0] ?? '';
}
