export { findMarkers, lineAt, type Problem, withoutCode, withTexts } from './figures/markers.ts';
export { referenceFolder } from './figures/reference-results.ts';
