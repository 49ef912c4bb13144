import { type Place, quoted, type Value } from "./places";

/** Completion for bash 3.2 and newer, which shows no descriptions. */
export function bashScript(places: readonly Place[]): string {
  return [
    "_pulumi_utho() {",
    `  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" route=pulumi-utho index`,
    "  COMPREPLY=()",
    "  for ((index = 1; index < COMP_CWORD; index++)); do",
    `    case "$route \${COMP_WORDS[index]}" in`,
    ...places
      .filter(({ route }) => route.length > 1)
      .map((place) => `      ${routeOf(place)}) route=${routeOf(place)} ;;`),
    "    esac",
    "  done",
    '  case "$route $previous" in',
    ...places.flatMap(optionValues).map((line) => `    ${line}`),
    "  esac",
    '  case "$route" in',
    ...places.map(
      (place) =>
        `    ${routeOf(place)}) COMPREPLY=($(compgen -W ${quoted(wordsOf(place).join(" "))} -- "$current")) ;;`,
    ),
    "  esac",
    "}",
    "complete -F _pulumi_utho pulumi-utho",
  ].join("\n");
}

function routeOf({ route }: Place): string {
  return quoted(route.join(" "));
}

function wordsOf({ commands, options, words }: Place): string[] {
  return [...commands.map(({ name }) => name), ...words, ...options.flatMap(({ names }) => names)];
}

function optionValues({ route, options }: Place): string[] {
  return options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : names.map((name) => `${quoted([...route, name].join(" "))}) ${reply(value)}return ;;`),
  );
}

function reply(value: Value): string {
  if (value.kind === "text") return "";
  const what = value.kind === "file" ? "-f" : `-W ${quoted(value.words.join(" "))}`;
  return `COMPREPLY=($(compgen ${what} -- "$current")); `;
}
