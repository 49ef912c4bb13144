import { readFileSync } from "node:fs";
import { packagePath } from "../package-version";
import type { Language } from "./door";
import type { Adoption } from "./entries";

/** How a language writes the declarations of snapshots. */
interface Writer {
  /** What begins a comment. */
  comment: string;
  /** Of a file of this name, where the program is not for the screen. */
  head: (file: string) => string[];
  /** What the comments and declarations are indented by. */
  indent?: string;
  declaration: (adoption: Adoption, protect: boolean) => string[];
  foot?: string[];
}

const ofNode = (name: string): Writer => ({
  comment: "//",
  head: (file) => [
    /\.c?js$/.test(file) ? `const utho = require("${name}");` : `import * as utho from "${name}";`,
    "",
  ],
  declaration: ({ logicalName, args }, protect) => {
    const fields = Object.entries(args).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    const options = protect ? ", { protect: true }" : "";
    return [`new utho.Snapshot(${JSON.stringify(logicalName)}, { ${fields.join(", ")} }${options});`];
  },
});

const WRITERS: Readonly<Record<Language, Writer>> = {
  classes: ofNode("pulumi-utho"),
  nodejs: ofNode("pulumi-utho-sdk"),
  yaml: {
    comment: "#",
    head: () => ["resources:"],
    indent: "  ",
    declaration: ({ logicalName, args }, protect) => [
      `${JSON.stringify(logicalName)}:`,
      "  type: utho:Snapshot",
      "  properties:",
      `    cloudId: ${JSON.stringify(args.cloudId)}`,
      ...(protect ? ["  options:", "    protect: true"] : []),
    ],
  },
  python: {
    comment: "#",
    head: () => ["import pulumi", "import pulumi_utho_snapshots as utho", ""],
    declaration: ({ logicalName, args }, protect) => {
      const options = protect ? ", opts=pulumi.ResourceOptions(protect=True)" : "";
      const values = `${JSON.stringify(logicalName)}, cloud_id=${JSON.stringify(args.cloudId)}`;
      return [`utho.Snapshot(${values}${options})`];
    },
  },
  go: {
    comment: "//",
    head: () => [
      "package main",
      "",
      "import (",
      '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
      `\t"${importPathOfGo()}"`,
      ")",
      "",
      "// Called by the program: if err := adopted(ctx); err != nil { return err }",
      "func adopted(ctx *pulumi.Context) error {",
    ],
    indent: "\t",
    declaration: ({ logicalName, args }, protect) => {
      const values = `&utho.SnapshotArgs{CloudId: pulumi.String(${JSON.stringify(args.cloudId)})}`;
      const options = protect ? ", pulumi.Protect(true)" : "";
      const call = `utho.NewSnapshot(ctx, ${JSON.stringify(logicalName)}, ${values}${options})`;
      return [`if _, err := ${call}; err != nil {`, "\treturn err", "}"];
    },
    foot: ["\treturn nil", "}"],
  },
};

/** A program, or a part of one, that declares the adopted snapshots, so that the next preview has nothing to do. */
export function programText(
  adoptions: readonly Adoption[],
  protect: boolean,
  language: Language,
  file = "",
): string {
  const { comment, head, indent = "", declaration, foot = [] } = WRITERS[language];
  const notes = [
    "Snapshots that existed before this program. Removing a declaration from it deletes the snapshot in Utho,",
    protect
      ? `which \`protect\` refuses; the resource option \`retainOnDelete\` makes Pulumi forget it and keep the data.`
      : `unless the resource option \`retainOnDelete\` is set.`,
  ];
  const declarations = adoptions.flatMap((one) => [
    "",
    ...[`${comment} ${factsOf(one)}`, ...declaration(one, protect)].map((line) => `${indent}${line}`),
  ]);
  const noted = notes.map((line) => `${indent}${comment} ${line}`);
  return [...head(file), ...noted, ...declarations, ...foot, ""].join("\n");
}

function factsOf({ id, outputs }: Adoption): string {
  const { serverName, sizeGb, monthlyCost, createdAt } = outputs;
  const facts = [
    ...(sizeGb === undefined ? [] : [`${sizeGb} GB`]),
    ...(monthlyCost === undefined ? [] : [`₹${monthlyCost} a month`]),
    ...(createdAt === undefined ? [] : [`taken ${createdAt}`]),
  ];
  const suffix = facts.length === 0 ? "" : `: ${facts.join(", ")}`;
  // A hostname comes from the cloud; a line break in it would end the comment.
  return `${id}${serverName === undefined ? "" : ` of ${serverName}`}${suffix}`.replace(
    /[\p{Cc}\u2028\u2029]+/gu,
    " ",
  );
}

/** Where the SDK of this version is; each release has its own repository in it. */
function importPathOfGo(): string {
  const schema: { language?: { go?: { importBasePath?: string } } } = JSON.parse(
    readFileSync(packagePath("plugin/schema.json"), "utf8"),
  );
  return schema.language?.go?.importBasePath ?? "utho";
}
