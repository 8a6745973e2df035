import { describeIdempotentAnswers, describePosts, describeUsers, describeViews } from '@day90/testing';
import { postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();
const rig = () => postgres.rig();

describePosts('sqlPosts on Postgres', rig);
describeUsers('sqlUsers on Postgres', rig);
describeViews('sqlViews on Postgres', rig);
describeIdempotentAnswers('sqlAnswers on Postgres', rig);
