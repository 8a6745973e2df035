import { farDatabase } from './far-database.ts';

export const topology = farDatabase('far-database');
