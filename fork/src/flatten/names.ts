import type { Node } from 'oxc-parser';

/** Nodes whose key is a name of theirs, and none of the module's. */
const WITH_KEY = new Set([
  'Property',
  'MethodDefinition',
  'PropertyDefinition',
  'AccessorProperty',
  'TSPropertySignature',
  'TSMethodSignature',
  'TSAbstractMethodDefinition',
]);

/** The names that a statement declares. */
export function namesOf(node: Node): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => boundIn(id));
  if ('id' in node && node.id && node.type !== 'TSModuleDeclaration') return boundIn(node.id as Node);
  return [];
}

/** The names that a pattern gives values to: without those of its types and of its defaults. */
function boundIn(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => boundIn(one.type === 'Property' ? one.value : one.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one ? boundIn(one) : []));
    case 'AssignmentPattern':
      return boundIn(pattern.left);
    case 'RestElement':
      return boundIn(pattern.argument);
    default:
      return [];
  }
}

/** Every name in a piece of code but those of properties: more than it refers to, and never less. */
export function namesIn(node: Node): Set<string> {
  const names = new Set<string>();
  walk(node, (one) => {
    if (one.type === 'Identifier') names.add(one.name);
  });
  return names;
}

/** What it loads while it runs, or takes a type from in passing: `import('…')`, `require('…')`. */
export function loadedIn(node: Node): string[] {
  const found = new Set<string>();
  walk(node, (one) => {
    const source =
      one.type === 'ImportExpression' || one.type === 'TSImportType'
        ? one.source
        : one.type === 'CallExpression' && one.callee.type === 'Identifier' && one.callee.name === 'require'
          ? one.arguments[0]
          : undefined;
    if (source?.type === 'Literal' && typeof source.value === 'string') found.add(source.value);
  });
  return [...found];
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [name, child] of Object.entries(node)) {
    if (isPropertyName(node, name)) continue;
    for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) walk(one, visit);
  }
}

function isPropertyName(node: Node, child: string): boolean {
  if ('computed' in node && node.computed) return false;
  return (child === 'key' && WITH_KEY.has(node.type)) || (child === 'property' && node.type === 'MemberExpression');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
