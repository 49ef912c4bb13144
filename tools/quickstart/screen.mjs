const WIDEST = 100;
const NARROWEST = 40;

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 };

/**
 * Writes text for a person to read: wrapped to the terminal, coloured where colours are wanted (no-color.org).
 * @param {NodeJS.WriteStream} stream
 * @param {NodeJS.ProcessEnv} env
 */
export function createScreen(stream, env) {
  const isTerminal = stream.isTTY === true;
  const colored = isTerminal && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const paint = (style, text) => (colored ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  const width = () => Math.max(NARROWEST, Math.min(WIDEST, isTerminal ? (stream.columns ?? 80) : WIDEST));
  const line = (text = "") => stream.write(`${text}\n`);
  return {
    isTerminal,
    line,
    paint,
    title: (text) => line(paint("bold", text)),
    /** A step's heading, with a rule to the right edge. */
    heading: (text) => {
      const rule = "─".repeat(Math.max(4, width() - text.length - 4));
      line();
      line(paint("bold", `── ${text} ${rule}`));
    },
    text: (text) => {
      for (const one of wrap(text, width())) line(one);
    },
    note: (text) => {
      for (const one of wrap(text, width())) line(paint("dim", one));
    },
    /** A command as a person types it. */
    command: (words) => {
      line();
      for (const one of commandLines(words, width() - 4)) line(paint("cyan", `  ${one}`));
      line();
    },
    /** Text that must not be wrapped. */
    quote: (text) => {
      for (const one of text.trimEnd().split("\n")) line(paint("dim", `  ${one}`.trimEnd()));
    },
    good: (text) => line(paint("green", text)),
    /** A text of several lines stays as it is. */
    problem: (text) => {
      for (const one of text.includes("\n") ? [text] : wrap(text, width())) line(paint("red", one));
    },
  };
}

/** Lines of at most `width` characters; a word that is longer stands alone. */
export function wrap(text, width) {
  const lines = [];
  let current = "";
  for (const word of text.split(/\s+/)) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (longer.length > width && current !== "") {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}

/** A command over as many lines as it needs, as a shell reads it. An option stays with its value. */
function commandLines(words, width) {
  const groups = [];
  for (const [index, word] of words.entries()) {
    const belongsToOption = index > 0 && words[index - 1].startsWith("--") && !word.startsWith("--");
    if (belongsToOption) groups.push(`${groups.pop()} ${word}`);
    else groups.push(word);
  }
  const lines = wrapGroups(["$", ...groups], width);
  return lines.map((one, index) => {
    const indented = index === 0 ? one : `    ${one}`;
    return index === lines.length - 1 ? indented : `${indented} \\`;
  });
}

function wrapGroups(groups, width) {
  const lines = [];
  let current = "";
  for (const group of groups) {
    const longer = current === "" ? group : `${current} ${group}`;
    // Room for the indent and the continuation mark.
    if (longer.length > width - 6 && current !== "") {
      lines.push(current);
      current = group;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
