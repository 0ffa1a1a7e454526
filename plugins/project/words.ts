/** Everything that this plugin writes, in Prow's words where Prow has any. */
export const words = {
  usage:
    'Please provide 1 or more arguments. Example usage: /project 0.5.0, /project 0.5.0 To do, /project clear 0.4.0',
  noTeam: 'There is no maintainer team for this repo or org.',
  notMember: (org: string, repo: string) =>
    `You must be a member of the [${org}/${repo}](https://github.com/orgs/${org}/teams/${repo}/members) github team to set the project and column.`,
  noBoards:
    'GitHub has no classic project boards here: they are gone from github.com, and only GitHub Enterprise Server still has them where they are switched on. Cards of the new GitHub Projects are set on the issue itself, or by the workflows of the project.',
  unknownBoard: (boards: string[]) =>
    `The provided project is not valid for this organization. Projects in Kubernetes orgs and repositories: [${boards.map((name) => `\`${name}\``).join(', ')}].`,
  unknownColumn: (board: string, columns: string[]) =>
    `A column is not provided or it's not valid for the project ${board}. Please provide one of the following columns in the command:\n[${columns.join(' ')}]`,
  moved: (column: string, id: number) =>
    `You have successfully moved the project card for this issue to column ${column} (ID ${id}).`,
  added: (board: string, column: string, id: number) =>
    `You have successfully created a project card for this issue. It's been added to project ${board} column ${column} (ID ${id}).`,
  cleared: (board: string) => `You have successfully removed this issue/PR from project ${board}.`,
  notOnBoard: (board: string, number: number) =>
    `The project "${board}" is not valid for the issue/PR ${number}. Please provide a valid project to which this issue belongs.`,
};
