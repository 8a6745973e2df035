import { readFileSync } from 'node:fs';

/** The style sheet inside of a picture that stands alone: dark where the reader's system is. The site has a switch of its own. */
export function pictureStyle(): string {
  const [light, dark] = ['picture.css', 'picture-dark.css'].map((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8').trim(),
  ) as [string, string];
  return `\n${light}\n@media (prefers-color-scheme: dark) {\n${dark.replace('.dark .stage-picture', '.stage-picture')}\n}\n`;
}
