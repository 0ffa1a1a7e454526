#!/usr/bin/env node
// What `npm create` and npx run: cutwater create-plugin FOLDER.
process.argv.splice(2, 0, 'create-plugin');
await import('../launch.mjs');
