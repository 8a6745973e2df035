export { type Exercises, loadExercises } from './exercises.ts';
