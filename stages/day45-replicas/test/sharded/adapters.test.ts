import { describeIdempotentAnswers, describePosts, describeUsers, describeViews } from '@day90/testing';
import { shardedRig, shardsOfThisFile } from './shards-rig.ts';

const shards = shardsOfThisFile();
const rig = async () => shardedRig((await shards()).urls('app'));

describePosts('shardedPosts', rig);
describeUsers('shardedUsers', rig);
describeViews('shardedViews', rig);
describeIdempotentAnswers('shardedAnswers', rig);
