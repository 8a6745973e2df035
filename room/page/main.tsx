import { render } from 'preact';
import { Room } from './room.tsx';

const root = document.querySelector('#room');
if (root) {
  root.replaceChildren();
  render(<Room />, root);
}
