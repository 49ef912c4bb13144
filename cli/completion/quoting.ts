/** A text as one word of bash, zsh and fish alike, on one line. */
export function quoted(text: string): string {
  return `'${text.replace(/\s+/g, " ").replaceAll("\\", "").replaceAll("'", "’")}'`;
}
