import { hotStatement, type SqlDatabase } from 'stage-1';

/** What has been done already, by the id of the job: a unique key, and so true for however many deliver it at once. */
export interface JobEffects {
  /**
   * Notes the effect, in the transaction it happens in.
   * @returns `false` when it was there: then nothing may happen a second time. Waits for another one that is about to note it.
   */
  note(jobId: string): Promise<boolean>;
  has(jobId: string): Promise<boolean>;
}

/** @param db - The primary. */
export function jobEffects(db: SqlDatabase): JobEffects {
  const note = hotStatement<{ id: string; at: number }, { job_id: string }>(db, 'note-effect', (dialect, $) =>
    dialect('job_effects')
      .insert({ job_id: $('id'), created_at: $('at') })
      .onConflict('job_id')
      .ignore()
      .returning('job_id'),
  );
  const find = hotStatement<{ id: string }, { job_id: string }>(db, 'find-effect', (dialect, $) =>
    dialect('job_effects').select('job_id').where('job_id', $('id')),
  );
  return {
    note: async (id) => (await note({ id, at: Date.now() })).length > 0,
    has: async (id) => (await find({ id })).length > 0,
  };
}
