import { type OfferedOption, type Place, quoted } from "./places";

/** Completion for fish 3 and newer, with descriptions. */
export function fishScript(places: readonly Place[]): string {
  return [
    "function __pulumi_utho_at",
    "  set -l route pulumi-utho",
    "  for word in (commandline -opc)[2..-1]",
    '    switch "$route $word"',
    ...places
      .filter(({ route }) => route.length > 1)
      .map((place) => `      case ${routeOf(place)}; set route ${routeOf(place)}`),
    "    end",
    "  end",
    '  test "$route" = "$argv[1]"',
    "end",
    "complete -c pulumi-utho -f",
    ...places.flatMap(linesOf),
  ].join("\n");
}

function routeOf({ route }: Place): string {
  return quoted(route.join(" "));
}

function linesOf(place: Place): string[] {
  const here = `complete -c pulumi-utho -n "__pulumi_utho_at ${routeOf(place)}"`;
  return [
    ...place.commands.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...place.words.map((word) => `${here} -a ${word}`),
    ...place.options.map((option) => `${here} ${flagsOf(option)} -d ${quoted(option.description)}`),
  ];
}

function flagsOf({ names, value }: OfferedOption): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (value === undefined) return flags.join(" ");
  const what = { file: "-F", text: "", words: "" }[value.kind];
  const words = value.kind === "words" ? `-a ${quoted(value.words.join(" "))}` : "";
  return [...flags, "-r", what, words].filter((part) => part !== "").join(" ");
}
