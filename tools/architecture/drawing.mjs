import { instance } from "@viz-js/viz";
import { layerOf } from "./imports.mjs";

/** The picture's own paper: it is legible on light and on dark pages alike. */
const COLOURS = {
  paper: "#ffffff",
  layer: "#eef3fb",
  line: "#9fb3d1",
  ink: "#1d2b44",
  within: "#8e9bb3",
  across: "#2f5fa8",
};

const FONT = { fontname: "Helvetica", fontcolor: COLOURS.ink };

/**
 * The picture of what `measure` has found, as SVG: a box for each layer and in it one for each folder, a thin arrow
 * for the imports of one folder from another, a thick one for those of one layer from another. The same imports give
 * the same picture.
 */
export async function draw(measured) {
  const viz = await instance();
  const svg = viz.renderString(graphOf(measured), { format: "svg", engine: "dot" });
  return accessible(svg);
}

function graphOf({ layers, folders, arrows }) {
  const within = arrowsWithin(arrows);
  return {
    graphAttributes: {
      bgcolor: COLOURS.paper,
      compound: true,
      newrank: true,
      nodesep: 0.2,
      ranksep: 0.55,
      pad: 0.2,
      ...FONT,
    },
    nodeAttributes: {
      ...{ shape: "box", style: "rounded,filled", margin: "0.2,0.06", height: 0.3 },
      ...{ fillcolor: COLOURS.paper, color: COLOURS.line, fontsize: 14, ...FONT },
    },
    edgeAttributes: { arrowsize: 0.6 },
    subgraphs: layers.map((layer) => boxOf(layer, folders)),
    edges: [...within, ...arrowsAcross(arrows, folders, within)],
  };
}

function boxOf({ name, packages }, folders) {
  const own = folders.filter((folder) => layerOf(folder) === name);
  return {
    name: clusterOf(name),
    graphAttributes: {
      ...{ label: { html: captionOf(name, packages) }, labeljust: "l", margin: 16 },
      ...{ style: "rounded,filled", fillcolor: COLOURS.layer, color: COLOURS.line },
    },
    nodes: own.map((folder) => ({
      name: folder,
      attributes: { label: folder === name ? `${name}/` : `${folder.slice(name.length + 1)}/` },
    })),
  };
}

/** The layer's name, and below it the packages that it uses. Blanks, since other fonts may be wider. */
function captionOf(name, packages) {
  const uses = packages.map(
    (one) => `<font point-size="12">${one}${"&#160;".repeat(6)}</font><br align="left"/>`,
  );
  return `<font point-size="17"><b>${name}</b></font><br align="left"/>${uses.join("")}`;
}

/** Between the folders of one layer; two that import each other have one arrow with two heads. */
function arrowsWithin(arrows) {
  const own = arrows.filter(({ from, to }) => layerOf(from) === layerOf(to));
  const isThere = (from, to) => own.some((one) => one.from === from && one.to === to);
  return own
    .filter(({ from, to }) => !(isThere(to, from) && to < from))
    .map(({ from, to }) => {
      const dir = isThere(to, from) ? { dir: "both" } : {};
      return { tail: from, head: to, attributes: { color: COLOURS.within, ...dir } };
    });
}

/** Between two layers, from box to box. */
function arrowsAcross(arrows, folders, drawn) {
  const pairs = arrows
    .map(({ from, to }) => [layerOf(from), layerOf(to)])
    .filter(([from, to]) => from !== to);
  const once = [...new Set(pairs.map((pair) => pair.join(" ")))].map((pair) => pair.split(" "));
  return once.flatMap(([from, to]) => {
    const attributes = {
      ...{ ltail: clusterOf(from), lhead: clusterOf(to) },
      ...{ color: COLOURS.across, penwidth: 2, arrowsize: 0.9, minlen: 2 },
    };
    return [{ tail: from, head: to, attributes }, ...placing(from, to, folders, drawn)];
  });
}

/** Invisible arrows: from the lowest box of a layer to the highest one of the layer that it imports. */
function placing(from, to, folders, drawn) {
  const lowest = folders.filter((one) => layerOf(one) === from && !drawn.some(({ tail }) => tail === one));
  const highest = folders.filter((one) => layerOf(one) === to && !drawn.some(({ head }) => head === one));
  return lowest.flatMap((tail) =>
    highest.map((head) => ({ tail, head, attributes: { style: "invis", weight: 0 } })),
  );
}

/** Graphviz draws a box around a subgraph with such a name. */
function clusterOf(layer) {
  return `cluster_${layer}`;
}

/** Without comments, among them the tool's version, and with a word for those who hear the page. */
function accessible(svg) {
  const inner = svg.slice(svg.indexOf("<svg")).replace(/<!--[\s\S]*?-->\n?/g, "");
  const title = "<title>The layers of the package and what they import</title>";
  return inner.replace(/^(<svg[^>]*)>/, `$1 role="img">\n${title}`);
}
