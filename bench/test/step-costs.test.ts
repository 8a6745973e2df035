import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from '@jest/globals';
import { monthlyCost } from '../src/compare/monthly-cost.ts';
import { codeLines, stepCosts } from '../src/compare/step-costs.ts';

describe('lines of code', () => {
  it('are neither blank nor comment', () => {
    expect(codeLines('/** What\n * it is. */\nconst a = 1; // one\n\n  // none\nconst b = "/*";\n')).toBe(2);
  });
});

describe('what a step costs', () => {
  const root = mkdtempSync(`${tmpdir()}/day90 costs-`);
  afterAll(() => rmSync(root, { recursive: true }));
  const stage = (number: number, dependencies: Record<string, string>, files: Record<string, string>) => {
    const folder = `${root}/stage-${number}`;
    for (const [file, text] of Object.entries({ 'package.json': JSON.stringify({ dependencies }), ...files })) {
      const path = `${folder}/${file}`;
      mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      writeFileSync(path, text);
    }
    return { name: `stage-${number}`, number, folder };
  };

  it('is its own code without variants, and the packages that no stage before it has', () => {
    const code = { 'src/topology.ts': 'a;\n', 'src/deep/part.ts': 'b;\nc;\n', 'src/naive/topology.ts': 'd;\n' };
    const stages = [
      stage(1, { pg: '8', '@day90/core': 'workspace:*' }, { ...code, 'test/a.test.ts': 'e;\n' }),
      stage(2, { pg: '8', redis: '6' }, {}),
    ];
    expect(stepCosts(stages)).toEqual([
      { stage: 'stage-1', lines: 3, packages: ['pg'] },
      { stage: 'stage-2', lines: 0, packages: ['redis'] },
    ]);
  });
});

describe('a month', () => {
  const cost = { monthly: 10 };
  const machine = { machine: 'm', cores: 2, cost };
  const table = {
    ...{ schema: 1 as const, title: 'made up', currency: 'USD' as const, sources: [{ what: 'nowhere' }] },
    ...{ app: { ...machine, cost: { hourly: 1 } }, database: [machine], redis: machine },
    ...{ balancer: { cost, perGb: 0 }, cdn: { cost: { monthly: 100 }, perGb: 0, perMillionRequests: 0 } },
    ...{ objects: { cost, perGb: 0 }, monitoring: { monthly: 30 }, trafficPerGb: 0, diskPerGb: 0 },
  };

  it('is paid for each box, once for all edges, and not for what stands in for the world', () => {
    const boxes = (counts: Record<string, number>) => Object.entries(counts).map(([role, count]) => ({ role, count }));
    expect(monthlyCost({ boxes: boxes({ app: 3, postgres: 1 }) }, table)).toBe(3 * 730 + 10);
    expect(monthlyCost({ boxes: boxes({ edge: 3, mail: 1, link: 1 }) }, table)).toBe(100);
  });
});
