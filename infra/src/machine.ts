import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** What a result says about where it was measured. */
export interface Machine {
  /** Short name of machines that may be compared: `linux-x64-2cpu`. */
  machineKind: string;
  /** `Debian GNU/Linux 12 (bookworm)` */
  os: string;
  kernel: string;
  /** The processor's model, as it calls itself. */
  cpu: string;
  /** Cores this process may use. */
  cores: number;
  memoryBytes: number;
}

/** Describes this machine; carries no host or user name. */
export async function machine(): Promise<Machine> {
  const cores = availableParallelism();
  return {
    machineKind: `${platform()}-${arch()}-${cores}cpu`,
    os: osName(),
    kernel: release(),
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores,
    memoryBytes: totalmem(),
  };
}

function osName(): string {
  try {
    const pretty = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'));
    if (pretty?.[1]) return pretty[1];
  } catch {
    // no such file outside Linux
  }
  return platform() === 'darwin' ? `macOS (Darwin ${release()})` : `${platform()} ${release()}`;
}
