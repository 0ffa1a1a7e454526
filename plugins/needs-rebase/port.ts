/** What the plugin asks of the program: whether a pull request can be merged is known some seconds after an event only. */
export interface MergeabilityPort {
  /**
   * Looks at the pull request in a few seconds and brings label and comment in line with what GitHub says then; several wishes within that time are one.
   * With `unlessWithinSeconds`, not where it was looked at within that time. A wish that a crash takes away is made good by the sweep at the start.
   */
  checkSoon(unlessWithinSeconds?: number): Promise<void>;
}

declare module '../../core/ports/index.ts' {
  interface PortMap {
    mergeability: MergeabilityPort;
  }
}
