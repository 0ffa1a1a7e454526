/** Resolves when the program is told to stop, by Ctrl-C or by SIGTERM. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** Stops what runs. A second Ctrl-C does not wait for what is under way. */
export async function stopOnce({ stop }: { stop(): Promise<void> }): Promise<void> {
  const impatient = () => process.exit(1);
  process.once('SIGINT', impatient);
  await stop();
  process.off('SIGINT', impatient);
}
