/** A doc comment as Markdown: its text, its programs, and what its tags say. */
export function readDoc(node) {
  const [comment] = node.jsDoc?.slice(-1) ?? [];
  if (comment === undefined) throw new Error(`${node.getText().split("\n", 1)[0]} has no doc comment.`);
  const lines = comment.getText().replace(/^\/\*\*|\*\/$/g, "");
  const text = lines.replace(/^[ \t]*\*[ ]?/gm, "").replace(/\{@link (\w+)\}/g, "`$1`");
  const [prose = "", ...tags] = text.split(/(?:^|\s)@(?=(?:default|param|throws|module)\b)/);
  const programs = [...prose.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code.trimEnd());
  // What leads to a program, such as "And the other way:", is its title.
  const parts = prose.split(/^```ts\n[\s\S]*?^```$/m);
  const titled = parts.slice(0, -1).map((part) => /(?:^|\n\n)([^\n]+):\s*$/.exec(part.trimEnd())?.[1]);
  const examples = programs.map((code, index) => ({ code, title: titled[index] }));
  const kept = parts.map((part, index) =>
    titled[index] === undefined ? part : part.trimEnd().slice(0, -titled[index].length - 1),
  );
  const byDefault = tags.find((tag) => tag.startsWith("default"))?.slice("default".length);
  return { text: unwrapped(kept.join("\n\n")), default: byDefault && unwrapped(byDefault), examples };
}

/** The description of a property: its doc, and what it is when left out. */
export function describe(node) {
  const doc = readDoc(node);
  return doc.default === undefined ? doc.text : `${doc.text}\n\nDefault: ${doc.default}`;
}

/** One line for each paragraph: how wide the sources are is nothing to whoever shows it. */
function unwrapped(text) {
  const paragraphs = text.split(/\n\s*\n/).map((part) => part.trim().replace(/\s*\n\s*/g, " "));
  return paragraphs.filter((part) => part !== "").join("\n\n");
}
