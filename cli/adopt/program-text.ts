import type { Adoption } from "./entries";

/** TypeScript that declares the adopted snapshots, so that the next preview has nothing to do. */
export function programText(adoptions: readonly Adoption[], protect: boolean): string {
  return [
    'import * as utho from "pulumi-utho";',
    "",
    "// Snapshots that existed before this program. Removing a declaration from it deletes the snapshot in Utho,",
    protect
      ? "// which `protect` refuses; the resource option `retainOnDelete: true` makes Pulumi forget it and keep the data."
      : "// unless the resource option `retainOnDelete: true` is set.",
    ...adoptions.flatMap((one) => ["", commentOf(one), declaration(one, protect)]),
    "",
  ].join("\n");
}

function commentOf({ id, outputs }: Adoption): string {
  const { serverName, sizeGb, monthlyCost, createdAt } = outputs;
  const facts = [
    ...(sizeGb === undefined ? [] : [`${sizeGb} GB`]),
    ...(monthlyCost === undefined ? [] : [`₹${monthlyCost} a month`]),
    ...(createdAt === undefined ? [] : [`taken ${createdAt}`]),
  ];
  const suffix = facts.length === 0 ? "" : `: ${facts.join(", ")}`;
  // A hostname comes from the cloud; a line break in it would end the comment.
  return `// ${id}${serverName === undefined ? "" : ` of ${serverName}`}${suffix}`.replace(
    /[\p{Cc}\u2028\u2029]+/gu,
    " ",
  );
}

function declaration({ logicalName, args }: Adoption, protect: boolean): string {
  const fields = Object.entries(args).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const options = protect ? ", { protect: true }" : "";
  return `new utho.Snapshot(${JSON.stringify(logicalName)}, { ${fields.join(", ")} }${options});`;
}
