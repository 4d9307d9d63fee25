// What a reader takes into a paper: buttons for each <div class="paper">.
"use strict";
(() => {
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-dasharray",
    "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "vector-effect", "opacity", "display"];

  /** An SVG of the page as a file of its own: in the light theme, with its colours written into it. */
  const standalone = (svg) => {
    const copy = svg.cloneNode(true);
    // a drawing for wide windows is saved at its own size where the window is narrow
    const shown = svg.getBoundingClientRect();
    const { width, height } = shown.width ? shown : svg.viewBox.baseVal;
    const holder = valuegauge.element("div", { className: "vh" });
    holder.style.colorScheme = "light";
    holder.append(copy);
    svg.parentElement.append(holder);
    for (const one of [copy, ...copy.querySelectorAll("*")]) {
      const style = getComputedStyle(one);
      const kept = PAINT.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
      one.dataset.kept = kept;
    }
    holder.remove();
    for (const one of [copy, ...copy.querySelectorAll("*")]) {
      one.setAttribute("style", one.dataset.kept);
      delete one.dataset.kept;
    }
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.style.background = "#fff";
    copy.style.display = "block";
    return `${new XMLSerializer().serializeToString(copy)}\n`;
  };

  const copied = async (button, text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = valuegauge.element("textarea", { value: text, className: "vh" });
      button.after(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.parentElement.querySelector("output").textContent = `${button.textContent.replace("Copy ", "")} copied`;
  };

  const start = (place) => {
    const { sentence, latex, cite, figure, csv } = place.dataset;
    const made = [];
    const button = (text, act) => {
      const one = valuegauge.element("button", { type: "button", textContent: text });
      one.addEventListener("click", () => act(one));
      made.push(one);
    };
    const link = (text, address) => {
      made.push(valuegauge.element("a", { className: "button", href: address, download: "", textContent: text }));
      return made.at(-1);
    };
    /** The figure of a view, beside the strips that it is made of: their style is its own. */
    const drawn = (view) => {
      const strips = place.parentElement.querySelector(".strips");
      const root = view.figure(strips);
      strips.append(root);
      const text = standalone(root);
      root.remove();
      return { name: view.name, text };
    };
    // of a view that is not the one in the page, where there is one
    if (sentence) button("Copy sentence", (one) => copied(one, place.view?.sentence?.() ?? place.dataset.sentence));
    if (latex) {
      const rows = latex.includes("\n") ? "Copy LaTeX rows" : "Copy LaTeX row";
      button(rows, (one) => copied(one, place.view?.latex() ?? place.dataset.latex));
    }
    if (figure?.startsWith("#")) {
      button("Save SVG", (one) => {
        const svg = document.getElementById(one.parentElement.dataset.figure.slice(1));
        const named = svg.getAttribute("aria-label") || document.title;
        valuegauge.saveText(`${valuegauge.fileName(named)}.svg`, standalone(svg), "image/svg+xml");
      });
    } else if (figure) {
      button("Save SVG", async () => {
        const { name, text } = place.view ? drawn(place.view) : await valuegauge.data(figure);
        valuegauge.saveText(`${valuegauge.fileName(name)}.svg`, text, "image/svg+xml");
      });
    }
    if (csv) link("CSV", csv).addEventListener("click", (event) => {
      if (!place.view) return;
      event.preventDefault();
      valuegauge.saveText(`${valuegauge.fileName(place.view.name)}.csv`, place.view.csv(), "text/csv");
    });
    if (cite) button("Cite", (one) => copied(one, one.parentElement.dataset.cite));
    place.replaceChildren(...made, valuegauge.element("output", { className: "quiet" }));
  };

  document.querySelectorAll(".paper").forEach(start);
  /** For what a script draws: the buttons of a new element. */
  valuegauge.paper = start;
})();
