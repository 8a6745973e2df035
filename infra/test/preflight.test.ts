import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { boxCpuMicros, boxRssBytes, machine, versions } from '../src/index.ts';
import { day90, makeWorkspace, saveTopology, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;

beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

describe('preflight', () => {
  it('looks at everything and says so as JSON, without the home folder', async () => {
    saveTopology(workspace.folder, await serverTopology({ app: {} }));
    const cli = day90(workspace.folder, ['preflight', 'stage-1', '--json']);
    await cli.exited;
    const found = JSON.parse(cli.output());
    expect(found).toMatchObject({ schema: 1, stages: ['stage-1'] });
    const names = found.checks.map((check: { name: string }) => check.name);
    expect(names).toEqual(['system', 'user', 'node', 'pnpm', 'memory', 'disk', 'files', 'k6', 'ports of stage-1']);
    expect(cli.output()).not.toContain(`${homedir()}/`);
  });

  it('fails for a taken port, naming who holds it and what helps', async () => {
    const topology = await serverTopology({ app: {} });
    saveTopology(workspace.folder, topology);
    const port = Number(topology.boxes.app?.port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const cli = day90(workspace.folder, ['preflight']);
    expect(await cli.exited).toBe(1);
    expect(cli.output()).toMatch(
      new RegExp(`✗ ports of stage-1 +port ${port} \\(box app\\) is taken by pid ${process.pid}, `),
    );
    expect(cli.output()).toContain('→ start with --port-base 4000');
    expect(cli.output()).toMatch(/\d to mend before a start\n$/);
    server.close();
  });
});

describe('the machine', () => {
  it('describes itself by a short name and in figures', async () => {
    const here = await machine();
    expect(here.machineKind).toMatch(/^(linux|darwin)-(x64|arm64)-\d+cpu$/);
    expect(here.cores).toBeGreaterThan(0);
    expect(versions().node).toBe(process.versions.node);
  });

  it('tells the CPU time and memory of a process', () => {
    const before = boxCpuMicros(process.pid);
    for (const began = process.cpuUsage(); process.cpuUsage(began).user < 60_000; );
    expect(boxCpuMicros(process.pid) - before).toBeGreaterThan(20_000);
    expect(boxRssBytes(process.pid)).toBeGreaterThan(20_000_000);
  });
});
