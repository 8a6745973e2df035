import type { Plan } from '../plans.ts';

/**
 * The files of a project that its code knows nothing of, by path.
 * @param plan.database - SQLite's is a file, which an image needs a place for.
 */
export function toolingFiles({ database }: Plan, nodeMajor: string): Record<string, string> {
  return {
    '.editorconfig': EDITORCONFIG,
    '.gitattributes': '* text=auto eol=lf\n',
    '.gitignore': 'node_modules/\n.env\n*.sqlite\n*.sqlite-shm\n*.sqlite-wal\n',
    '.dockerignore': '**\n!package.json\n!package-lock.json\n!src\n!static\n',
    '.nvmrc': `${nodeMajor}\n`,
    'biome.json': json(BIOME),
    'tsconfig.json': json(TSCONFIG),
    'load/tsconfig.json': json({ extends: '../tsconfig.json', compilerOptions: { types: ['k6'] }, include: ['.'] }),
    'jest.config.mjs': JEST,
    Dockerfile: dockerfile(nodeMajor, database === 'sqlite' ? SQLITE_VOLUME : ''),
    '.github/workflows/ci.yaml': ciFile(),
  };
}

function json(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

const EDITORCONFIG = `root = true

[*]
charset = utf-8
end_of_line = lf
indent_style = space
indent_size = 2
insert_final_newline = true
trim_trailing_whitespace = true
`;

const BIOME = {
  $schema: './node_modules/@biomejs/biome/configuration_schema.json',
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 120 },
  javascript: { formatter: { quoteStyle: 'single' } },
  linter: {
    rules: {
      correctness: { noUnusedImports: 'error', noUnusedVariables: 'error' },
      style: { useImportType: 'error', useNodejsImportProtocol: 'error' },
      suspicious: { noExplicitAny: 'error', noTemplateCurlyInString: 'off' },
    },
  },
};

const TSCONFIG = {
  compilerOptions: {
    target: 'esnext',
    module: 'nodenext',
    lib: ['esnext'],
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    isolatedModules: true,
  },
  include: ['src', 'test'],
};

const JEST = `/** swc strips the types and leaves the modules as they are; Node runs with \`--experimental-vm-modules\`. */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
  testTimeout: 60_000,
};
`;

const SQLITE_VOLUME = `RUN mkdir /data && chown node:node /data
ENV SQLITE_PATH=/data/app.sqlite
VOLUME /data
`;

/** Nothing is built: Node strips the types by itself, of files that are not in node_modules. */
function dockerfile(nodeMajor: string, volume: string): string {
  return `# syntax=docker/dockerfile:1
FROM node:${nodeMajor}-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:${nodeMajor}-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
${volume}USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch(\`http://127.0.0.1:\${process.env.PORT ?? 3000}/livez\`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# Node itself and not npm, which hands no signal on: SIGTERM is how the process is asked to drain.
CMD ["node", "src/main.ts"]
`;
}

function ciFile(): string {
  return `name: ci
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version-file: .nvmrc
          cache: npm
      - run: npm ci
      - run: npm run check
      - run: cp .env.example .env
      - run: docker compose up --detach --wait
      - run: npm run migrate --if-present
      - run: npm test
`;
}
