import { readFileSync } from 'node:fs';

/** One small picture, 3 × 2 pixels of one colour, in each of the types that are taken. */
export const PICTURES = {
  'image/png': picture('small.png'),
  'image/jpeg': picture('small.jpg'),
  'image/webp': picture('small.webp'),
};

function picture(file: string): Buffer {
  return readFileSync(new URL(`../pictures/${file}`, import.meta.url));
}
