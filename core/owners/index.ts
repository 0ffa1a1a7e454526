export { expandAliases, normLogin, type OwnersAliases, parseAliases } from './aliases.ts';
export { ownersDirs } from './denylist.ts';
export { type OwnersFile, parseMarkdownOwners, parseOwners } from './file.ts';
export { type Layers, type Owners, ownersOf } from './owners.ts';
export { ownersContent, ownersKind } from './read.ts';
export { type OwnersFilenames, type OwnersSettings, ownersSettings } from './settings.ts';
