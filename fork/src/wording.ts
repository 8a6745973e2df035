/** What a project calls itself, wherever it has to. */
export interface Names {
  /** Name of the package: `@acme/my-app`. */
  package: string;
  /** In addresses, paths and names of processes: `my-app`. */
  slug: string;
  /** Of the database: `my_app`. */
  database: string;
}

/** The names that follow from a package's. */
export function namesOf(packageName: string): Names {
  const own = packageName.split('/').at(-1) ?? packageName;
  const slug = own.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'app';
  const database = slug.replaceAll('-', '_').replace(/^(?=\d)/, 'app_');
  return { package: packageName, slug, database };
}

/** A text in the words of the project: its names, and no days. */
export function reworded(text: string, { package: name, slug, database }: Names): string {
  return text
    .replaceAll(
      /(\/\*\* )Day \d+(?:, [^:\n]+)?: (\w)/g,
      (_all, start: string, first: string) => start + first.toUpperCase(),
    )
    .replaceAll("title: 'Day90'", `title: '${name}'`)
    .replaceAll('day90_', '') // the roles of the database are `app` and `owner`
    .replaceAll(/(postgres:\/\/[^'"`\s,]*\/)day90\b/g, `$1${database}`)
    .replaceAll('day90', slug);
}
