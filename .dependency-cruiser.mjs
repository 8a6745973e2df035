/** Oldest first: a stage may import those before it, through their index, and none after it. */
const STAGES = [
  'day1-sqlite',
  'day15-cache',
  'day30-scaleout',
  'day45-replicas',
  'day60-cdn',
  'day75-queue',
  'day90-full',
];
const ROOTS = '/(app|main|config|topology|worker|relay|board|exporter)\\.ts$';
const DRIVERS = '(better-sqlite3|knex|pg|redis|ioredis|connect-redis|bullmq)';

const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

/** The arrows between the packages. What each rule forbids stands in its comment. */
export default {
  forbidden: [
    rule('no-circles', {}, { circular: true }, 'A circle can be read from no end.'),
    rule(
      'shared-knows-no-stage',
      { path: '^shared/' },
      { path: '^stages/' },
      'What all stages share can know none of them.',
    ),
    rule(
      'bench-and-infra-know-no-code-of-a-stage',
      { path: '^(bench|infra)/' },
      { path: '^(stages|shared/core)/' },
      'They load topologies and claims by path, and see the rest through URLs.',
    ),
    rule(
      'core-has-no-driver',
      { path: '^shared/core/' },
      { path: `node_modules/${DRIVERS}/` },
      'A database or a queue in core would be in every stage.',
    ),
    rule(
      'nobody-needs-fork',
      { path: '^(stages|shared|infra|bench)/' },
      { path: '^fork/' },
      'It looks at all the others from outside.',
    ),
    rule(
      'testing-stays-out-of-the-app',
      { path: '^stages/[^/]+/src/', pathNot: '(topology|data|load-data|explain)\\.ts$' },
      { path: '^shared/testing/' },
      'Only what makes or names the seeded data uses it.',
    ),
    rule(
      'docs-know-no-code-of-a-stage',
      { path: '^docs/' },
      { path: '^(stages|shared)/' },
      'The site shows files, results and topologies; it runs nothing of what it shows.',
    ),
    rule(
      'room-knows-no-code-of-a-stage',
      { path: '^room/' },
      { path: '^(stages|shared/(?!testing))/' },
      'It loads topologies by path, knows the data that all are seeded with, and sees the rest through logs, sockets and URLs.',
    ),
    rule(
      'nobody-needs-the-room',
      { path: '^(stages|shared|infra|bench|fork)/' },
      { path: '^room/' },
      'A stage runs without it: the launcher starts it as a process.',
    ),
    rule('docs-are-the-end', { pathNot: '^docs/' }, { path: '^docs/' }, 'Nothing is built on the site.'),
    ...STAGES.flatMap((stage, index) => {
      const later = STAGES.slice(index + 1);
      const others = STAGES.filter((other) => other !== stage);
      return [
        ...(later.length > 0
          ? [
              rule(
                `${stage}-imports-no-later-stage`,
                { path: `^stages/${stage}/` },
                { path: `^stages/(${later.join('|')})/` },
                'A step builds on the steps before it.',
              ),
            ]
          : []),
        rule(
          `${stage}-imports-others-through-their-index`,
          { path: `^stages/${stage}/` },
          { path: `^stages/(${others.join('|')})/`, pathNot: '/src/(index|app-index|board/index|boxes|loading)\\.ts$' },
          'The index of a stage is its step, app-index the part that apps need, board/ its page for admins, its boxes are for topologies, loading.ts makes its data; the rest of it is its own.',
        ),
        rule(
          `${stage}-keeps-its-roots`,
          { path: `^stages/${stage}/src/index\\.ts$` },
          { path: ROOTS },
          'A root is the end of all arrows: nobody builds on it.',
        ),
      ];
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.run|dist)/|\\.vue$' },
    tsPreCompilationDeps: true,
    parser: 'swc', // TypeScript 7 has no API to parse with
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
