import { type CodeBlock, codeBlocks } from "./pages";

const DOCSTRING = /^[ \t]*\/\*\*[\s\S]*?\*\//gm;

/** The fenced code in the docstrings of a source. */
export function docstringBlocks(source: string): CodeBlock[] {
  return [...source.matchAll(DOCSTRING)].flatMap(({ 0: comment, index }) => {
    const before = source.slice(0, index).split("\n").length - 1;
    const text = comment.replace(/^[ \t]*\/?\*+\/?[ ]?/gm, "");
    return codeBlocks(text).map((block) => ({ ...block, line: block.line + before }));
  });
}
