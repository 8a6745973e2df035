export { findMarkers, lineAt, withoutCode, withTexts } from './figures/markers.ts';
export { referenceFolder } from './figures/reference-results.ts';
export { formatEstimate, formatGoal, formatHeadline, formatMachine, formatValue } from './report/format.ts';
export { parseResult, type Result } from './result.ts';
