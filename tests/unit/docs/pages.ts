import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const REPOSITORY = resolve(__dirname, "../../..");

/** Every page of the repository, as git knows it: "README.md", "docs/errors.md". */
export function pages(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", "*.md"];
  const listed = execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" }).split("\n");
  return listed.filter((file) => file !== "" && existsSync(join(REPOSITORY, file)));
}

export function readPage(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}

export interface CodeBlock {
  language: string;
  text: string;
  /** Line of the page on which its code begins, from 1. */
  line: number;
}

/** The fenced code of a page. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: CodeBlock | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^\s*```(\w*)\s*$/.exec(line);
    if (fence === null) {
      if (open !== undefined) open.text += `${line}\n`;
    } else if (open === undefined) {
      open = { language: fence[1] ?? "", text: "", line: index + 2 };
    } else {
      blocks.push(open);
      open = undefined;
    }
  }
  return blocks;
}

/** The page without its code, where `#` begins a comment and `[a](b)` is no link. */
export function prose(text: string): string {
  return text.replace(/^\s*```[\s\S]*?^\s*```\s*$/gm, "").replace(/`[^`\n]*`/g, "");
}

/** Headings of a page, in their order. */
export function headings(text: string): { level: number; title: string }[] {
  const outsideCode = text.replace(/^\s*```[\s\S]*?^\s*```\s*$/gm, "");
  return [...outsideCode.matchAll(/^(#{1,6}) +(.+?)\s*$/gm)].map(([, marks = "", title = ""]) => ({
    level: marks.length,
    title,
  }));
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

/** Rows of the first table below a heading that begins with this text, each as its cells. */
export function tableBelow(text: string, title: string): string[][] {
  const start = text.split("\n").findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === title);
  const lines = start < 0 ? [] : text.split("\n").slice(start + 1);
  const first = lines.findIndex((line) => line.startsWith("|"));
  const rest = first < 0 ? [] : lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  const rows = end < 0 ? rest : rest.slice(0, end);
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
