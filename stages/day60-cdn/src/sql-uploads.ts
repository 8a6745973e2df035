import { UnavailableError, type Uploads } from '@day90/core';
import { coldQuery, type SqlDatabase } from 'stage-1';

/** What members have sent, in the database of all writes: a quota that is read from a copy would count too little. */
export function sqlUploads(db: SqlDatabase): Uploads {
  const images = () => db.dialect('images');
  const pending = () => db.dialect('pending_images');
  return {
    async bytesOf(owner) {
      const [row] = await coldQuery<{ bytes: unknown }>(db, images().sum({ bytes: 'bytes' }).where('owner_id', owner));
      return Number(row?.bytes ?? 0); // a text from Postgres, null when there is none
    },
    async begin(name) {
      await coldQuery(db, pending().insert({ name, created_at: Date.now() }));
    },
    async add({ name, owner, width, height, bytes }) {
      const row = { name, owner_id: owner, width, height, bytes, created_at: Date.now() };
      const begun = await coldQuery(db, pending().where('name', name).delete().returning('name'));
      if (begun.length === 0) throw new UnavailableError('The picture was given up meanwhile.');
      await coldQuery(db, images().insert(row));
    },
  };
}
