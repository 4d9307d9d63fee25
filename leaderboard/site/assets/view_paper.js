// What a reader takes into a paper from the view of a table that is shown, where it is not the one that the
// page was made with: its rows, scores, scope, wording and order.
"use strict";
valuegauge.viewPaper = (() => {
  const [VALUE, LOW, HIGH, ON_LOW, ON_HIGH, , , , , VARIANTS] = Array(10).keys();
  const MOST = 5; // rows of a sentence
  const [WIDTH, LEFT, RIGHT, STRIP, TOP] = [760, 180, 740, 36, 40];
  const { svg, number, interval } = valuegauge;

  const LONGEST = 80;
  /** A name on one line, and no longer than one. */
  const called = (name) => {
    const line = name.replace(/\s+/g, " ").trim();
    return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  };

  /** `own` is whether the view has other rows or numbers than the page was made with, not only another order. */
  const start = (view, own) => {
    const { data, columns, wording } = view;
    const scope = view.scope === "on" ? "on these items" : "beyond these items";
    const asked = wording < 0 ? "" : `, wording ${data.wordings[wording]}`;
    const title = `${data.title}${data.synthetic ? " (sample data)" : ""}`;
    const rows = view.rows.map((index) => ({ index, ...data.rows[index] }));
    const numbersOf = (row, column) => view.numbers[column.group][row.index][column.index] || [];
    const valueOf = (row, column) => {
      const numbers = numbersOf(row, column);
      return (wording < 0 || row.kind === "human" ? numbers[VALUE] : numbers[VARIANTS]?.[wording]) ?? null;
    };
    const endsOf = (row, column) => {
      const numbers = numbersOf(row, column);
      if (wording >= 0) return [null, null];
      return (view.scope === "on" ? [numbers[ON_LOW], numbers[ON_HIGH]] : [numbers[LOW], numbers[HIGH]]).map((one) => one ?? null);
    };
    const written = (row, column) => {
      const value = valueOf(row, column);
      const ends = endsOf(row, column);
      return value === null || ends.includes(null) ? number(value) : `${number(value)} (${interval(...ends)})`;
    };

    const sentence = () => {
      const each = rows.slice(0, MOST).map((row) => `${called(row.name)}: ${columns.map((one) => `${one.label} ${written(row, one)}`).join(", ")}`);
      const rest = rows.length > MOST ? `; and ${rows.length - MOST} more` : "";
      const ends = wording < 0 ? `, with 95% intervals ${scope}` : asked;
      return `${title}${ends}: ${each.join("; ")}${rest}.`;
    };

    const latex = () => [[asked.replace(", ", "") || scope, ...columns.map((one) => one.label)], ...rows.map((row) => [row.name, ...columns.map((one) => written(row, one))])].map(valuegauge.latexRow).join("\n");

    const csv = () => {
      const ends = wording < 0 ? ["on these items: low", "on these items: high", "beyond these items: low", "beyond these items: high"] : [];
      const heads = ["data", "table", "name", "kind", "score", "unit", wording < 0 ? "value" : `value in wording ${data.wordings[wording]}`, ...ends];
      const lines = rows.flatMap((row) =>
        columns.map((one) => {
          const numbers = numbersOf(row, one);
          const within = wording < 0 ? [ON_LOW, ON_HIGH, LOW, HIGH].map((at) => numbers[at] ?? null) : [];
          return [data.synthetic ? "synthetic sample" : "real", data.title, row.name, row.kind, one.name, one.unit, valueOf(row, one), ...within];
        }),
      );
      return valuegauge.csv([heads, ...lines]);
    };

    /** The strips as they are in the page, below each other on their axes. */
    const figure = (strips) => {
      const words = `${title}: ${rows.length} row${rows.length === 1 ? "" : "s"}${asked || `, tests ${scope}`}`;
      const lit = view.lit === null ? [] : [`emphasised: ${data.rows[view.lit].name}`];
      const text = (x, y, said, anchor, size = 13) => svg.node("text", { x, y, "text-anchor": anchor, "font-size": size, class: "label" }, said);
      const root = svg.node("svg", { "aria-label": words }, text(0, 16, words, "start", 14), ...lit.map((one) => text(WIDTH, 32, one, "end")));
      let y = TOP;
      for (const block of strips.querySelectorAll(".block:not([hidden])")) {
        const [low, high] = data.groups.find((one) => one.key === block.dataset.group).range;
        const axis = svg.axis(low, high, LEFT, RIGHT);
        const ticks = axis.ticks(6);
        const shown = [...block.querySelectorAll(".strip:not([hidden])")];
        const foot = y + shown.length * STRIP;
        root.append(...ticks.map((one) => svg.node("path", { class: one === 0 ? "zero" : "axis", d: `M${axis.at(one)} ${y}V${foot}` })));
        for (const strip of shown) {
          const plot = strip.querySelector("svg").cloneNode(true);
          for (const [name, value] of Object.entries({ x: LEFT, y, width: RIGHT - LEFT, height: STRIP })) plot.setAttribute(name, value);
          root.append(plot, text(LEFT - 8, y + STRIP / 2 + 4, strip.querySelector(".strip-name").textContent.trim(), "end"));
          y += STRIP;
        }
        root.append(...ticks.map((one) => text(axis.at(one), foot + 16, svg.tickText(one, ticks[1] - ticks[0]), "middle", 12)));
        root.append(text(LEFT, foot + 34, block.querySelector(".unit").textContent.trim(), "start", 12));
        y = foot + 50;
      }
      root.setAttribute("viewBox", `0 0 ${WIDTH} ${y}`);
      root.setAttribute("width", WIDTH);
      root.setAttribute("height", y);
      return root;
    };

    return { name: `${title} view`, sentence: own ? sentence : null, latex, csv, figure };
  };
  return start;
})();
