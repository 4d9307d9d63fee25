// Drawings made in the page: elements, and a linear axis with round ticks.
"use strict";
valuegauge.svg = (() => {
  const SPACE = document.querySelector("svg").namespaceURI; // the sign of the site is one

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

  return { node, axis, tickText };
})();
