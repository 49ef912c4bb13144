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
export function schemaOf(root: string): Schema;
export function schemaText(root: string): string;
