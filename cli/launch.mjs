#!/usr/bin/env -S node --max-semi-space-size=8
// The flag keeps a burst of webhooks from growing the young generation, and with it the process, by 100 MB for good.
// Plain JavaScript, so that an old Node can still say what is missing instead of failing on the first type annotation.
import * as modules from 'node:module';

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `cutwater needs Node 24, and this is ${process.version}: run "npm rebuild node" in the checkout (its install script brings Node 24 along)\n`,
  );
  process.exit(1);
}
modules.enableCompileCache?.();
const { main } = await import('./main.ts');
const code = await main(process.argv.slice(2));
// A pipe whose reader is slower takes the last of what was written only later, and an exit would cut it off.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
// What is still open (a listener, the watch over a local job that goes on) would keep a program alive that has done its part.
process.exit(code);
