import { BEYOND_COPIES } from '@day90/core';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ClusterView } from '../src/cluster-view.ts';
import { DatabaseNode } from '../src/database-node.ts';
import { type FakeServer, threeServers } from './fake-servers.ts';

const MAX_LAG_MS = 1000;

let servers: [FakeServer, FakeServer, FakeServer];
let nodes: DatabaseNode[];
let view: ClusterView;
beforeEach(() => {
  servers = threeServers();
  nodes = servers.map((server) => new DatabaseNode(server.number, server));
  view = new ClusterView(nodes, MAX_LAG_MS);
});

/** Looks at all that are up, at a time in milliseconds. */
async function lookAt(at: number): Promise<void> {
  for (const node of nodes) {
    const sighting = await node.look(node.watch).catch(() => undefined);
    node.up = sighting !== undefined;
    if (sighting) view.note(sighting, at);
  }
}
const write = (name: string) => servers[0].log.push(name);
const readable = (floor = '') =>
  nodes.filter((node) => view.isInRotation(node) && view.hasSeen(node, floor)).map(({ number }) => number);
const position = (number: number) => view.positionOf(nodes[number - 1]?.seen as NonNullable<DatabaseNode['seen']>);

describe('the rotation', () => {
  it('has nobody before anybody was seen', () => {
    expect([view.primary, readable()]).toEqual([undefined, []]);
  });

  it('has all, the primary included', async () => {
    await lookAt(0);
    expect([view.primary?.number, readable()]).toEqual([1, [1, 2, 3]]);
  });

  it('has those alone that have seen as much as the reader', async () => {
    write('a');
    servers[1].follow(servers[0]);
    await lookAt(0);
    expect(readable(position(1))).toEqual([1, 2]);
    expect(readable(BEYOND_COPIES)).toEqual([1]);
  });

  it('loses one that is over the bound, which is paused, slow or cut off, and has it back when it is under', async () => {
    await lookAt(0);
    write('a');
    servers[1].follow(servers[0]);
    await lookAt(100);
    await lookAt(1100);
    expect(readable()).toEqual([1, 2, 3]);
    await lookAt(1101);
    expect(readable()).toEqual([1, 2]);
    servers[2].follow(servers[0]);
    await lookAt(1200);
    expect(readable()).toEqual([1, 2, 3]);
  });

  it('loses one that does not answer', async () => {
    servers[2].down = true;
    await lookAt(0);
    expect(readable()).toEqual([1, 2]);
  });
});

describe('without a primary', () => {
  it('the standbys are read on, and nobody is sent to the one that is gone', async () => {
    write('a');
    await lookAt(0);
    servers[0].down = true;
    await lookAt(60_000);
    expect(readable()).toEqual([2, 3]);
  });
});

describe('after a failover', () => {
  async function failover(): Promise<void> {
    write('kept');
    servers[1].follow(servers[0]);
    servers[2].follow(servers[0]);
    write('lost 1');
    write('lost 2');
    await lookAt(0);
    servers[0].down = true;
    servers[1].promote(2);
  }

  it('writes go to the one that is no standby any more, by its own word', async () => {
    await failover();
    expect(view.primary?.number).toBe(1);
    await lookAt(100);
    expect(view.primary?.number).toBe(2);
  });

  it('an old primary that comes back as one is neither written to nor read', async () => {
    await failover();
    servers[0].down = false;
    write('to nobody');
    await lookAt(100);
    expect([view.primary?.number, readable().includes(1)]).toEqual([2, false]);
  });

  it('a reader who has seen what is lost is shown what is left, by every database that has it', async () => {
    await failover();
    const seen = position(1);
    await lookAt(100);
    servers[2].follow(servers[1]);
    servers[0].restart(0);
    Object.assign(servers[0], { timeline: undefined, down: false });
    servers[0].follow(servers[1]);
    await lookAt(200);
    expect(readable(seen)).toEqual([1, 2, 3]);
  });

  it('a standby that has not come over is not taken for one that has, whatever its place', async () => {
    await failover();
    const seen = position(1);
    await lookAt(100);
    expect(readable(seen)).toEqual([2]);
    expect(readable(position(2))).toEqual([2]);
  });

  it('a primary that was deposed is not read by somebody who has seen the new one, though this process has not', async () => {
    await failover();
    servers[0].down = false;
    const newer = '00000002000000000000000A';
    expect(view.hasSeen(nodes[0] as DatabaseNode, newer)).toBe(false);
    expect(view.hasSeen(nodes[0] as DatabaseNode, '')).toBe(true);
  });
});

describe('a node', () => {
  it('does not go back when two answers cross', async () => {
    const node = nodes[0] as DatabaseNode;
    const early = await node.look();
    write('a');
    const late = await node.look();
    servers[0].log.pop();
    await node.look();
    expect(node.seen).toEqual(late);
    expect(late.place > early.place).toBe(true);
  });

  it('goes back when it was started anew, from where it had saved', async () => {
    const node = nodes[1] as DatabaseNode;
    write('a');
    servers[1].follow(servers[0]);
    const before = await node.look();
    servers[1].restart(1);
    await node.look();
    expect((node.seen?.place ?? '') < before.place).toBe(true);
  });
});
