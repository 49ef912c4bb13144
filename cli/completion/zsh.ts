import { type Place, quoted, type Value } from "./places";

/** Completion for zsh, with descriptions. */
export function zshScript(places: readonly Place[]): string {
  return [
    "#compdef pulumi-utho",
    "_pulumi_utho() {",
    "  local route=pulumi-utho word",
    "  local -a offered",
    `  for word in "\${(@)words[2,CURRENT-1]}"; do`,
    '    case "$route $word" in',
    ...places
      .filter(({ route }) => route.length > 1)
      .map((place) => `      (${routeOf(place)}) route=${routeOf(place)} ;;`),
    "    esac",
    "  done",
    `  case "$route \${words[CURRENT-1]}" in`,
    ...places.flatMap(optionValues).map((line) => `    ${line}`),
    "  esac",
    '  case "$route" in',
    ...places.map((place) => `    (${routeOf(place)}) offered=(${offersOf(place).join(" ")}) ;;`),
    "  esac",
    "  _describe -o 'pulumi-utho' offered",
    "}",
    "compdef _pulumi_utho pulumi-utho",
  ].join("\n");
}

function routeOf({ route }: Place): string {
  return quoted(route.join(" "));
}

/** A colon parts a word from its description. */
function offersOf({ commands, options, words }: Place): string[] {
  return [
    ...commands.map(({ name, description }) => quoted(`${name}:${description}`)),
    ...words.map((word) => quoted(word)),
    ...options.flatMap(({ names, description }) => names.map((name) => quoted(`${name}:${description}`))),
  ];
}

function optionValues({ route, options }: Place): string[] {
  return options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : names.map((name) => `(${quoted([...route, name].join(" "))}) ${reply(value)}return ;;`),
  );
}

function reply(value: Value): string {
  if (value.kind === "text") return "";
  return value.kind === "file" ? "_files; " : `compadd -- ${value.words.map(quoted).join(" ")}; `;
}
