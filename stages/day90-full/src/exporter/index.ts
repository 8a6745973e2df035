/** Looks at servers from outside: apart from the index, since no other process is to load it. */
export { exporter } from './exporter.ts';
export { targetList } from './targets.ts';
