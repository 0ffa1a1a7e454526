import { z } from 'zod';
import { globalSettings, type PortMap } from '../../core/plugin/index.ts';

export const NEEDS = ['labels', 'comments', 'people', 'issue'] as const;
export type Ports = Pick<PortMap, (typeof NEEDS)[number]>;

const GUIDE = 'https://git.k8s.io/community/contributors/guide/release-notes.md';

/** Section `release_note` of plugins.yaml. */
const ReleaseNote = z.object({ guidelines_url: z.string().default('') });
type ReleaseNote = z.output<typeof ReleaseNote>;

export const releaseNoteSettings = globalSettings<ReleaseNote, ReleaseNote>('release_note', ReleaseNote, {
  finish: ({ guidelines_url }) => ({ guidelines_url: guidelines_url || GUIDE }),
});
