/** The changelog of a repository, in the form of keepachangelog.com. @throws Error that names the line */
export function readChangelog(root: string): { toString(): string };
