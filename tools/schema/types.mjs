import ts from "typescript";
import { describe, readDoc } from "./docs.mjs";
import { fileOf } from "./sources.mjs";

const TOKEN = "utho:index:";

/** Text whose kinds only the compiler knows. */
const KINDS_OF_TEXT = new Set(["NameOf"]);

/** Turns the types of the sources into those of a schema, and collects the named ones that they use. */
export class Types {
  /** By token. */
  named = {};

  constructor(sources, resources) {
    this.sources = sources;
    this.resources = resources;
  }

  /** The properties that an interface's, or a class's, members are; `reading` says of which direction. */
  properties(members, direction) {
    const entries = members.map((member) => [
      member.name.getText(),
      { ...this.spec(member.type, direction), description: describe(member), ...marks(member, direction) },
    ]);
    const required = members.filter((member) => !isOptional(member)).map((member) => member.name.getText());
    return { properties: Object.fromEntries(entries), required: required.sort() };
  }

  spec(node, direction) {
    const type = bare(node);
    if (ts.isUnionTypeNode(type)) return this.union(type, direction);
    if (ts.isArrayTypeNode(type)) return { type: "array", items: this.spec(type.elementType, direction) };
    if (ts.isTypeReferenceNode(type)) return this.reference(type, direction);
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      case ts.SyntaxKind.NumberKeyword:
        // A program gives counts; what it gets back are sizes and prices.
        return { type: direction === "input" ? "integer" : "number" };
      case ts.SyntaxKind.UnknownKeyword:
        return { $ref: "pulumi.json#/Any" };
      default:
        throw new Error(`No schema for the type ${type.getText()} in ${fileOf(type)}.`);
    }
  }

  union(type, direction) {
    const specs = parts(type).map((part) => this.spec(part, direction));
    // A list or a record of anything is anything.
    const holds = JSON.stringify(specs).includes("pulumi.json#/Any");
    if (holds) return { $ref: "pulumi.json#/Any" };
    return specs.length === 1 ? specs[0] : { oneOf: specs };
  }

  reference(type, direction) {
    const name = type.typeName.getText();
    if (name === "Record") {
      return { type: "object", additionalProperties: this.spec(type.typeArguments[1], direction) };
    }
    if (KINDS_OF_TEXT.has(name)) return { type: "string" };
    if (this.resources.includes(name)) return { $ref: `#/resources/${TOKEN}${name}` };
    const declared = this.sources.declaration(fileOf(type), name);
    if (ts.isTypeAliasDeclaration(declared) && !isRecordLike(declared)) {
      const values = literals(declared.type);
      return values === undefined ? this.spec(declared.type, direction) : this.enumeration(declared, values);
    }
    return this.object(declared, direction);
  }

  enumeration(declared, values) {
    const token = `${TOKEN}${declared.name.text}`;
    this.named[token] = {
      type: "string",
      description: readDoc(declared).text,
      enum: values.map((value) => ({ name: value[0].toUpperCase() + value.slice(1), value })),
    };
    return { $ref: `#/types/${token}` };
  }

  object(declared, direction) {
    const token = `${TOKEN}${declared.name.text.replace(/Args$/, "")}`;
    this.named[token] = {
      type: "object",
      description: readDoc(declared).text,
      ...this.properties(this.members(declared), direction),
    };
    return { $ref: `#/types/${token}` };
  }

  /** The members of the interface that a type names, however many aliases it goes by. */
  membersBehind(type) {
    return this.members(this.sources.declaration(fileOf(type), type.typeName.getText()));
  }

  /** The members of an interface, or of an alias that picks some of another's. */
  members(declared) {
    if (ts.isInterfaceDeclaration(declared)) return [...declared.members];
    if (declared.type.typeName.getText() !== "Pick") {
      return this.membersBehind(declared.type);
    }
    const [from, keys] = declared.type.typeArguments;
    const wanted = new Set(literals(keys));
    return this.membersBehind(from).filter((member) => wanted.has(member.name.getText()));
  }
}

/** What a doc comment promises that a schema has a word for. */
function marks(member, direction) {
  const { text } = readDoc(member);
  return {
    ...(/\bsecret\b/.test(text) ? { secret: true } : {}),
    // For the documentation alone. `replaceOnChanges` would make the engine replace on any difference, drift included.
    ...(direction === "input" && /\bA change\b[^.;]*\breplacement\b/.test(text)
      ? { willReplaceOnChanges: true }
      : {}),
  };
}

/** A type without `pulumi.Input<…>`, `pulumi.Output<…>`, brackets and `| undefined`. */
function bare(type) {
  if (ts.isParenthesizedTypeNode(type)) return bare(type.type);
  if (ts.isTypeReferenceNode(type) && /^pulumi\.(Input|Output)$/.test(type.typeName.getText())) {
    return bare(type.typeArguments[0]);
  }
  if (ts.isUnionTypeNode(type) && parts(type).length === 1) return bare(parts(type)[0]);
  return type;
}

function parts(union) {
  return union.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
}

function isOptional(member) {
  if (member.questionToken !== undefined) return true;
  let { type } = member;
  while (ts.isTypeReferenceNode(type) && /^pulumi\./.test(type.typeName.getText()))
    type = type.typeArguments[0];
  return ts.isUnionTypeNode(type) && parts(type).length < type.types.length;
}

function isRecordLike({ type }) {
  return ts.isTypeReferenceNode(type) && type.typeName.getText() === "Pick";
}

/** The texts of a union of literals; `undefined` for another type. */
function literals(type) {
  const all = ts.isUnionTypeNode(type) ? type.types : [type];
  const texts = all.filter((one) => ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal));
  return texts.length === all.length ? texts.map((one) => one.literal.text) : undefined;
}
