// Runs in the page: texts whose contrast with what lies behind them is below 4.5 : 1.
(() => {
  const parse = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const over = (top, below) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((index) => (top[index] ?? 0) * alpha + (below[index] ?? 0) * (1 - alpha));
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) =>
    element === null
      ? [255, 255, 255]
      : over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  const weak = [];
  for (const element of document.querySelectorAll("body *:not(svg *):not(script):not(.arrow)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own) continue;
    const ground = behind(element);
    const [light, dark] = [
      luminance(over(parse(getComputedStyle(element).color), ground)),
      luminance(ground),
    ].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5)
      weak.push(`${element.tagName} ${element.className} ${contrast.toFixed(2)}: ${element.textContent}`);
  }
  return weak;
})();
