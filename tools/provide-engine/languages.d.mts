export type LanguagePart = "yaml" | "python" | "go" | "sdks" | "dotnet" | "pulumi-python";

export function provideLanguages<Name extends LanguagePart>(
  names: readonly Name[],
  options?: { env?: NodeJS.ProcessEnv; log?: (line: string) => void },
): Promise<Record<Name, string>>;
