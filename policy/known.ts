/** Properties as a policy is handed them. */
export type Props = Readonly<Record<string, unknown>>;

/**
 * A property, or `undefined` where a preview does not know it yet: reading it throws then, and would end the rule for
 * all the other resources.
 */
export function known(props: Props, key: string): unknown {
  try {
    return props[key];
  } catch {
    return undefined;
  }
}

/** The property where it is a known text that is not empty. */
export function knownText(props: Props, key: string): string | undefined {
  const value = known(props, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The known texts of a property that is a list. */
export function knownTexts(props: Props, key: string): string[] {
  const value = known(props, key);
  if (!Array.isArray(value)) return [];
  return Array.from({ length: value.length }, (_none, index) => itemOf(value, index)).filter(isText);
}

function itemOf(list: readonly unknown[], index: number): unknown {
  try {
    return list[index];
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
