import { workspaceRoot } from '@day90/infra';
import { anchorProblems } from './step-diff/page-anchors.ts';
import { allSteps } from './step-diff/step.ts';
import { stepDiff } from './step-diff/step-diff.ts';

const workspace = workspaceRoot();
const steps = allSteps(workspace);
const problems = steps.flatMap((step) => anchorProblems(workspace, stepDiff(step, steps)));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
