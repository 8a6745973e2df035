import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Whether this system tells which process listens where. */
export const tellsListeners = existsSync('/proc/net/tcp');

/** The TCP sockets that a process, and all that came of it, listens on: `127.0.0.1:3003`. */
export function listenersOf(root: number): string[] {
  const own = new Set(familyOf(root).flatMap(socketsOf));
  const open = ['tcp', 'tcp6'].flatMap((table) => listening(`/proc/net/${table}`));
  return [...new Set(open.filter(({ inode }) => own.has(inode)).map(({ address }) => address))].sort();
}

/** The rows of one of the kernel's tables in state 0A, LISTEN. https://docs.kernel.org/networking/proc_net_tcp.html */
function listening(table: string): { address: string; inode: string }[] {
  if (!existsSync(table)) return [];
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state === '0A')
    .map(([, local = '', , , , , , , , inode = '']) => ({ address: readable(local), inode }));
}

/** `0100007F:0BBB` is `127.0.0.1:3003`, the bytes of the address last to first; an IPv6 address stays as it is. */
function readable(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const bytes = (address.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  return `${bytes.length === 4 ? bytes.reverse().join('.') : address}:${Number.parseInt(port, 16)}`;
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1] ?? []);
  } catch {
    return []; // gone meanwhile
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function familyOf(root: number): number[] {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  for (let known = 0; known < family.size; ) {
    known = family.size;
    for (const [pid = 0, parent = 0] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}
