import type { PackageSystem } from './system.ts';

/** A tool that no system package has. */
export interface ToolSpec {
  /** Majors that do; anything else on PATH is passed over. */
  majors: number[];
  versionArgs: string[];
  /** Built when it is neither on PATH nor in the cache. */
  module: string;
  version: string;
  /**
   * The Go module that the package is of, where that replaces modules by folders of its own, which `go install` refuses: it is built
   * as part of a module of ours then.
   */
  within?: { module: string /** What its folders are versions of. */; replaced?: string };
  /** More flags of `go install`. */
  flags?: string[];
  /** Least Go that builds it. */
  go: string;
  /** What is told before a build. */
  buildTime: string;
  /** The one command that installs it, by package system. */
  install: Record<PackageSystem, string>;
}

const VERSITYGW = 'see https://github.com/versity/versitygw/releases';
/** No system has a package of it. */
const RELEASES = { apt: VERSITYGW, brew: VERSITYGW, none: VERSITYGW };

const KUBERNETES = '1.36.3';

/** One of Kubernetes' programs. Built without its version it takes itself for another one. */
function kubernetes(program: string, versionArgs: string[], size: string): ToolSpec {
  const stamps = { gitVersion: `v${KUBERNETES}`, gitMajor: '1', gitMinor: '36' };
  const version = Object.entries(stamps).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return {
    majors: [1],
    versionArgs,
    module: `k8s.io/kubernetes/cmd/${program}`,
    within: { module: 'k8s.io/kubernetes', replaced: KUBERNETES.replace('1.', '0.') },
    version: KUBERNETES,
    flags: [`-ldflags=-s -w ${version.join(' ')}`],
    go: '1.26',
    buildTime: `1 to 3 minutes, ${size}`,
    install: {
      apt: 'see https://kubernetes.io/docs/tasks/tools/',
      brew: 'brew install kubernetes-cli',
      none: 'see https://kubernetes.io/docs/tasks/tools/',
    },
  };
}

/** k6 2 is not served as a Go module; scripts use only what 1 and 2 have in common. */
export const toolSpecs = {
  k6: {
    majors: [1, 2],
    versionArgs: ['version'],
    module: 'go.k6.io/k6',
    version: '1.8.1',
    go: '1.25',
    buildTime: '1.5 to 3 minutes, 70 MB',
    install: {
      // https://grafana.com/docs/k6/latest/set-up/install-k6/ - gpg -k makes root's ~/.gnupg, without which dirmngr fails
      apt: 'sudo gpg -k && sudo gpg --no-default-keyring --keyring /usr/share/keyrings/k6-archive-keyring.gpg --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys C5AD17C747E3415A3642D57D77C6C491D6AC1D69 && echo "deb [signed-by=/usr/share/keyrings/k6-archive-keyring.gpg] https://dl.k6.io/deb stable main" | sudo tee /etc/apt/sources.list.d/k6.list && sudo apt-get update && sudo apt-get install k6',
      brew: 'brew install k6',
      none: 'see https://grafana.com/docs/k6/latest/set-up/install-k6/ (Windows: winget install k6)',
    },
  },
  versitygw: {
    majors: [1],
    versionArgs: ['--version'],
    module: 'github.com/versity/versitygw/cmd/versitygw',
    version: '1.8.0',
    flags: ['-ldflags=-s -w -X main.Version=1.8.0'], // built without, it does not know its version
    go: '1.25',
    buildTime: '1 to 3 minutes, 45 MB',
    install: RELEASES,
  },
  vegeta: {
    majors: [12],
    versionArgs: ['-version'],
    module: 'github.com/tsenart/vegeta/v12',
    version: '12.12.0',
    flags: ['-ldflags=-s -w -X main.Version=12.12.0'], // built without, it tells the version of Go instead
    go: '1.22',
    buildTime: 'half a minute, 10 MB',
    install: {
      apt: 'see https://github.com/tsenart/vegeta#install',
      brew: 'brew install vegeta',
      none: 'see https://github.com/tsenart/vegeta#install',
    },
  },
  'kube-apiserver': kubernetes('kube-apiserver', ['--version'], '100 MB'),
  kubectl: kubernetes('kubectl', ['version', '--client'], '60 MB'),
  etcd: {
    majors: [3],
    versionArgs: ['--version'],
    module: 'go.etcd.io/etcd/server/v3',
    within: { module: 'go.etcd.io/etcd/server/v3' },
    version: '3.6.8', // the one that this Kubernetes is tested with
    flags: ['-ldflags=-s -w'],
    go: '1.26',
    buildTime: '1 minute, 27 MB',
    install: {
      apt: 'see https://etcd.io/docs/latest/install/',
      brew: 'brew install etcd',
      none: 'see https://etcd.io/docs/latest/install/',
    },
  },
} as const satisfies Record<string, ToolSpec>;

export type ToolName = keyof typeof toolSpecs;
