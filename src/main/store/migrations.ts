import type { Migration } from './schema-version.ts';

/** Every change of the tables since schema 1, in order. */
export const migrations: readonly Migration[] = [
  {
    // Captions say which model scored them; of older ones nobody knows.
    from: 1,
    run: async (database) => {
      if (!(await database.tableNames()).includes('captions')) return;
      const captions = await database.openTable('captions');
      const { names } = await captions.schema();
      if (!names.includes('itmModelId')) {
        await captions.addColumns([{ name: 'itmModelId', valueSql: 'CAST(NULL AS STRING)' }]);
      }
      captions.close();
    },
  },
];
