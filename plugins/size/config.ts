import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

/** Section `size` of plugins.yaml: from how many changed lines on a pull request is no longer of the size below. 0 means the usual figure. */
const Size = z.object({
  s: z.int().default(0),
  m: z.int().default(0),
  l: z.int().default(0),
  xl: z.int().default(0),
  xxl: z.int().default(0),
});
export type Sizes = z.output<typeof Size>;

export const sizes = globalSettings('size', Size, {
  finish({ s, m, l, xl, xxl }, view, file): Sizes {
    if (s > m || m > l || l > xl || xl > xxl)
      view.problem(file, ['size'], 'one of the smaller sizes is bigger than a larger one');
    return { s: s || 10, m: m || 30, l: l || 100, xl: xl || 500, xxl: xxl || 1000 };
  },
  describe: ({ s, m, l, xl, xxl }) =>
    `The plugin has the following thresholds:<ul>
<li>size/XS:  0-${s - 1}</li>
<li>size/S:   ${s}-${m - 1}</li>
<li>size/M:   ${m}-${l - 1}</li>
<li>size/L:   ${l}-${xl - 1}</li>
<li>size/XL:  ${xl}-${xxl - 1}</li>
<li>size/XXL: ${xxl}+</li>
</ul>`,
});

/** The label for so many changed lines. */
export function sizeLabel(lines: number, { s, m, l, xl, xxl }: Sizes): string {
  if (lines < s) return 'size/XS';
  if (lines < m) return 'size/S';
  if (lines < l) return 'size/M';
  if (lines < xl) return 'size/L';
  return lines < xxl ? 'size/XL' : 'size/XXL';
}
