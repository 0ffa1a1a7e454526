/** Builds the pages that the browser is about to look at. */
export async function setup(): Promise<void> {
  await import('../../scripts/build.ts');
}
