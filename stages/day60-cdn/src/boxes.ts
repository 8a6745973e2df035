export { app, nginx } from 'stage-4/boxes';
