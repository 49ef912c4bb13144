interface Property {
  type?: string;
  $ref?: string;
  description?: string;
  secret?: boolean;
  willReplaceOnChanges?: boolean;
}

type Properties = Record<string, Property>;

/** As much of Pulumi's schema of a package as the tests look at. */
export interface Schema {
  version: string;
  homepage?: string;
  pluginDownloadURL?: string;
  language: { go: { importBasePath: string } };
  config: { variables: Record<string, Property & { defaultInfo?: { environment: string[] } }> };
  provider: { inputProperties: Properties; requiredInputs: string[] };
  types: Record<string, { properties?: Properties; enum?: { value: string }[] }>;
  resources: Record<
    string,
    {
      description: string;
      properties: Properties;
      inputProperties: Properties;
      requiredInputs: string[];
      aliases: { type: string }[];
    }
  >;
  functions: Record<string, { description: string; inputs: { properties: Properties } }>;
}

export const SCHEMA_FILE: string;
/** @param manifest package.json, by default that of `root` */
export function schemaOf(root: string, manifest?: object): Schema;
export function schemaText(root: string): string;
