// Drawings made in the page: elements, a linear axis with round ticks, and a file of their own.
"use strict";
valuegauge.svg = (() => {
  const SPACE = "http://www.w3.org/2000/svg";

  /** An SVG element; text is never read as markup. */
  const node = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(name, typeof value === "number" ? Number(value.toFixed(1)) : value);
    }
    made.append(...children.filter((one) => one !== null));
    return made;
  };

  /** A linear axis: where a value is, and round values within it, at most so many. */
  const axis = (low, high, left, right) => {
    const at = (value) => left + Math.min(Math.max((value - low) / (high - low), 0), 1) * (right - left);
    const ticks = (most = 5) => {
      const rough = (high - low) / most;
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough - 1e-12);
      const found = [];
      for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(10)));
      return found;
    };
    return { low, high, at, ticks };
  };

  /** A tick's label: as many decimals as the step between ticks needs. */
  const tickText = (value, step) => {
    const places = Math.max(0, ...[step, value].map((one) => (String(Number(one.toPrecision(6))).split(".")[1] || "").length));
    return value.toFixed(Math.min(places, 4)).replace("-", "−");
  };

  const COPIED = ["fill", "stroke", "stroke-width", "stroke-linecap", "stroke-dasharray", "fill-opacity", "stroke-opacity", "font-size", "font-weight", "text-anchor", "display", "vector-effect"];

  /** A drawing as the text of a file: in the light theme, on white, its style in its attributes. */
  const standalone = (drawing) => {
    const theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    const copy = drawing.cloneNode(true);
    const [from, to] = [drawing, copy].map((one) => [one, ...one.querySelectorAll("*")]);
    from.forEach((one, index) => {
      const style = getComputedStyle(one);
      to[index].removeAttribute("style");
      to[index].removeAttribute("class");
      for (const name of COPIED) if (style.getPropertyValue(name)) to[index].setAttribute(name, style.getPropertyValue(name));
    });
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const { width, height } = drawing.viewBox.baseVal;
    copy.setAttribute("xmlns", SPACE);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("font-family", "sans-serif");
    copy.prepend(node("rect", { width, height, fill: "#ffffff" }));
    return `${new XMLSerializer().serializeToString(copy)}\n`;
  };

  return { node, axis, tickText, standalone };
})();
