import { stringify } from "yaml";
import { readProgram } from "./program.mjs";

/** The examples of a doc comment in every language, in the form of a schema's descriptions; empty without any. */
export function examplesSection(examples) {
  if (examples.length === 0) return "";
  const sections = examples.map(({ code, title }) => {
    const heading = title === undefined ? "" : `### ${title}\n\n`;
    const programs = languagesOf(code).map(
      ([language, text]) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``,
    );
    return `{{% example %}}\n${heading}${programs.join("\n\n")}\n{{% /example %}}`;
  });
  return `{{% examples %}}\n## Example Usage\n\n${sections.join("\n\n")}\n{{% /examples %}}`;
}

function languagesOf(code) {
  const steps = readProgram(code);
  return [
    ["typescript", code],
    ...(steps === undefined
      ? []
      : [
          ["python", pythonOf(steps)],
          ["yaml", yamlOf(steps)],
        ]),
  ];
}

/** A program in Pulumi's YAML. */
export function yamlOf(steps) {
  const constants = new Map(
    steps.filter(({ kind }) => kind === "constant").map(({ variable, value }) => [variable, value]),
  );
  const plain = (value) => {
    if (value.list !== undefined) return value.list.map(plain);
    if (value.record !== undefined)
      return Object.fromEntries(value.record.map(([key, field]) => [key, plain(field)]));
    if (value.variable === undefined) return value.text ?? value.plain;
    const constant = constants.get(value.variable);
    if (constant !== undefined) return plain(constant);
    return `\${${value.variable}${value.property === undefined ? "" : `.${value.property}`}}`;
  };
  const entries = { variables: {}, resources: {}, outputs: {} };
  for (const { kind, variable, member, name, args, value } of steps) {
    if (kind === "resource") {
      const own = variable === undefined || variable === name ? {} : { name };
      entries.resources[variable ?? name] = { type: `utho:${member}`, ...own, properties: plain(args) };
    } else if (kind === "call") entries.variables[variable] = { [`fn::utho:${member}`]: plain(args) };
    else if (kind === "export") entries.outputs[variable] = plain(value);
  }
  const used = Object.entries(entries).filter(([, held]) => Object.keys(held).length > 0);
  return stringify(Object.fromEntries(used), { lineWidth: 0 });
}

/** A program in Python. */
export function pythonOf(steps) {
  const written = (value) => {
    if (value.list !== undefined) return `[${value.list.map(written).join(", ")}]`;
    if (value.record !== undefined) {
      return `{${value.record.map(([key, field]) => `"${snake(key)}": ${written(field)}`).join(", ")}}`;
    }
    if (value.variable !== undefined)
      return [value.variable, value.property].filter(Boolean).map(snake).join(".");
    if (typeof value.plain === "boolean") return value.plain ? "True" : "False";
    return JSON.stringify(value.text ?? value.plain);
  };
  const keywords = ({ record = [] }) => record.map(([key, field]) => `${snake(key)}=${written(field)}`);
  const lines = steps.map(({ kind, variable, member, name, args, value }) => {
    const target = variable === undefined ? "" : `${snake(variable)} = `;
    if (kind === "resource") return `${target}utho.${member}(${[`"${name}"`, ...keywords(args)].join(", ")})`;
    if (kind === "call") return `${target}utho.${snake(member)}(${keywords(args).join(", ")})`;
    return kind === "export"
      ? `pulumi.export("${variable}", ${written(value)})`
      : `${target}${written(value)}`;
  });
  const imports = steps.some(({ kind }) => kind === "export") ? ["import pulumi"] : [];
  return [...imports, "import pulumi_utho_snapshots as utho", "", ...lines].join("\n");
}

/** Python's spelling of a name. */
function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
