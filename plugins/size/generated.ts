/** What a repository's `.generated_files` says (Prow: pkg/genfiles). */
export interface GeneratedFiles {
  paths: Set<string>;
  names: Set<string>;
  pathPrefixes: string[];
  namePrefixes: string[];
  /** Files of the repository that list further paths, one a line. */
  lists: string[];
  /** Lines that say nothing that is known. */
  wrong: string[];
}

/** Reads the file; a line that it does not understand is told and skipped. */
export function parseGeneratedFiles(text: string): GeneratedFiles {
  const files: GeneratedFiles = {
    paths: new Set(),
    names: new Set(),
    pathPrefixes: [],
    namePrefixes: [],
    lists: [],
    wrong: [],
  };
  for (const line of meaningfulLines(text)) {
    const [key, value, ...more] = line.split(/\s+/);
    if (value === undefined || more.length > 0 || !read(files, key ?? '', value)) files.wrong.push(line);
  }
  return files;
}

function read(files: GeneratedFiles, key: string, value: string): boolean {
  if (key === 'path-prefix' || key === 'prefix') files.pathPrefixes.push(value);
  else if (key === 'file-prefix') files.namePrefixes.push(value);
  else if (key === 'file-name') files.names.add(value);
  // Meant as one exact path; Prow takes it for a file's name, so both count.
  else if (key === 'path') {
    files.paths.add(value);
    files.names.add(value);
  } else if (key === 'paths-from-repo') files.lists.push(value);
  else return false;
  return true;
}

/** Lines without blanks around them; not empty ones, not comments. */
export function meaningfulLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

export function isGenerated(path: string, files: GeneratedFiles): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    files.paths.has(path) ||
    files.names.has(name) ||
    files.pathPrefixes.some((prefix) => path.startsWith(prefix)) ||
    files.namePrefixes.some((prefix) => name.startsWith(prefix))
  );
}
