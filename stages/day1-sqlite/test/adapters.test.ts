import { describeIdempotentAnswers, describePosts, describeUsers, describeViews } from '@day90/testing';
import { naiveRig, sqliteRig } from './sqlite-rig.ts';

describePosts('sqlPosts', sqliteRig);
describeUsers('sqlUsers', sqliteRig);
describeViews('sqlViews', sqliteRig);
describeIdempotentAnswers('sqlAnswers', sqliteRig);

describePosts('naivePosts', naiveRig);
describeUsers('naiveUsers', naiveRig);
describeViews('sqlViews on a connection per request', naiveRig);
describeIdempotentAnswers('sqlAnswers on a connection per request', naiveRig);
