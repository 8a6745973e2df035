import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from '../bad-input.ts';
import { inheritedEnv } from '../child-env.ts';
import { Guardian } from '../guardian-link.ts';
import { freePorts } from '../ports.ts';
import { requireTool } from '../tools.ts';

const READY_MS = 120_000;
const LOOK_MS = 250;

/** A Kubernetes API server without a cluster: it takes objects and checks them, and nobody runs what they ask for. */
export interface ApiServer {
  version: string;
  /** For kubectl, as its administrator. */
  kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver in a folder, on free ports of this machine.
 * @throws {BadInput} With the end of what it wrote when it does not get ready.
 */
export async function startApiServer(folder: string): Promise<ApiServer> {
  const [etcd, server] = [await requireTool('etcd'), await requireTool('kube-apiserver')];
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  const guardian = new Guardian();
  const stop = async () => {
    await guardian.endAll();
    guardian.bye();
  };
  const token = randomBytes(16).toString('hex');
  const config = writeAccess(folder, port, token);
  try {
    start(guardian, folder, 'etcd', [etcd.path, ...etcdArgs(folder, client, peer)]);
    const child = start(guardian, folder, 'kube-apiserver', [server.path, ...serverArgs(folder, port, client)]);
    await untilReady(port, token, child, join(folder, 'kube-apiserver.log'));
    return { version: server.version, kubeconfig: config, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start(guardian: Guardian, folder: string, name: string, [path = '', ...args]: string[]): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const env = { ...inheritedEnv(), ...guardian.env };
  const child = spawn(path, args, { cwd: folder, env, detached: true, stdio: ['ignore', log, log] });
  if (child.pid !== undefined) guardian.add(child.pid);
  return child;
}

function etcdArgs(folder: string, client: number, peer: number): string[] {
  const [own, others] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    ...['--name=one', `--data-dir=${join(folder, 'etcd')}`, '--unsafe-no-fsync', '--log-level=warn'],
    ...[`--listen-client-urls=${own}`, `--advertise-client-urls=${own}`],
    ...[`--listen-peer-urls=${others}`, `--initial-advertise-peer-urls=${others}`, `--initial-cluster=one=${others}`],
  ];
}

function serverArgs(folder: string, port: number, etcd: number): string[] {
  return [
    ...[`--etcd-servers=http://127.0.0.1:${etcd}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
    ...[`--cert-dir=${join(folder, 'certificates')}`, `--token-auth-file=${join(folder, 'tokens.csv')}`],
    ...['--service-account-issuer=https://day90.invalid', `--service-account-key-file=${join(folder, 'key.pem')}`],
    ...[`--service-account-signing-key-file=${join(folder, 'key.pem')}`, '--service-cluster-ip-range=10.96.0.0/16'],
    '--disable-admission-plugins=ServiceAccount', // it wants accounts that only a cluster's controllers make
  ];
}

/** Who may do what: one administrator, by a token that lives as long as the server. */
function writeAccess(folder: string, port: number, token: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const path = join(folder, 'kubeconfig');
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'day90' },
    clusters: [{ name: 'day90', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'day90', context: { cluster: 'day90', user: 'admin' } }],
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function untilReady(port: number, token: string, child: ChildProcess, log: string): Promise<void> {
  const asks = () =>
    new Promise<boolean>((resolve) => {
      const headers = { Authorization: `Bearer ${token}` };
      const asked = request(
        { host: '127.0.0.1', port, path: '/readyz', headers, rejectUnauthorized: false },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      asked.once('error', () => resolve(false)).end();
    });
  for (const until = performance.now() + READY_MS; performance.now() < until; await sleep(LOOK_MS)) {
    if (await asks()) return;
    if (child.exitCode !== null) break;
  }
  const end = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ');
  throw new BadInput(`kube-apiserver did not get ready: ${end}`);
}
