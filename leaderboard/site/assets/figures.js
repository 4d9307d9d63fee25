// Draws the figures of a page when they come near, and saves them as SVG, PNG and CSV.
"use strict";
(() => {
  const printed = matchMedia("print");
  const PAPER = 660;
  const states = new Map(); // figure element -> { figure, mode, others, drawn }

  /** The rows drawn faintly behind a figure, with their values in the figure's order. */
  const othersOf = async (figure) => {
    if (!figure.others) return [];
    const data = await valuegauge.data(figure.others.table);
    const places = figure.others.scores.map((name) => data.scores.indexOf(name));
    return data.rows
      .filter((row) => row.id !== figure.others.row && !(data.people && row.kind === "human"))
      .map((row) => ({ name: row.name, values: places.map((place) => row.scores[place]?.[0] ?? null) }));
  };

  const draw = async (element) => {
    const state = states.get(element);
    state.drawn = true;
    const plotly = await valuegauge.plotly();
    state.others ??= await othersOf(state.figure);
    const place = element.querySelector(".plot");
    const width = printed.matches ? PAPER : place.clientWidth;
    const colours = valuegauge.colours(printed.matches ? "light" : undefined);
    const { traces, layout } = valuegauge.plotted(state.figure, state.mode, colours, state.others, width < 520);
    place.style.minHeight = `${layout.height}px`;
    await plotly.react(place, traces, { ...layout, width }, { displayModeBar: false, staticPlot: false });
    element.dataset.drawn = state.mode;
  };

  const redraw = () => Promise.all([...states.keys()].filter((one) => one.isConnected && states.get(one).drawn).map(draw));
  const drawAll = () => Promise.all([...states.keys()].filter((one) => one.isConnected).map(draw));

  const near = new IntersectionObserver(
    (entries) => entries.filter((one) => one.isIntersecting).forEach((one) => {
      near.unobserve(one.target);
      draw(one.target);
    }),
    { rootMargin: "500px" },
  );

  const image = async (element, format) => {
    const state = states.get(element);
    const plotly = await valuegauge.plotly();
    const { traces, layout } = valuegauge.plotted(state.figure, state.mode, valuegauge.colours("light"), state.others || [], false);
    const note = [state.figure.synthetic ? "SAMPLE DATA" : "", state.figure.note || "", "95% intervals"].filter(Boolean).join(" · ");
    const top = 70;
    const height = layout.height + top;
    const kept = {
      ...layout, width: 900, height, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff",
      margin: { ...layout.margin, t: layout.margin.t + top },
      title: { text: `${valuegauge.plain(state.figure.title, 100)}<br><sup>${valuegauge.plain(note, 120)}</sup>`, x: 0.01, xanchor: "left", y: 1 - 20 / height, yref: "container", yanchor: "top", font: { size: 17 } },
    };
    const href = await plotly.toImage({ data: traces, layout: kept }, { format, width: kept.width, height: kept.height, scale: format === "png" ? 2 : 1 });
    valuegauge.save(`${valuegauge.fileName(state.figure.title)}.${format}`, href);
  };

  /** The figure's data, one line a point; sample data says so. */
  const rowsOf = ({ figure, others }) => {
    const data = figure.synthetic ? "synthetic sample" : "real";
    if (figure.kind === "heat") {
      return [["data", "row", "column", figure.unit], ...figure.cells.flatMap((row, y) => row.map((value, x) => [data, figure.y[y], figure.x[x], value]))];
    }
    if (figure.kind === "calibration") {
      return [["data", "predicted", "observed", "count"], ...figure.points.map((point) => [data, point.predicted, point.observed, point.count])];
    }
    const lines = [...figure.series, ...(others || [])].flatMap((series) =>
      figure.categories.map((label, place) => [data, series.name, label, series.values[place], series.low?.[place] ?? null, series.high?.[place] ?? null, figure.unit]),
    );
    return [["data", "series", "category", "value", "low", "high", "unit"], ...lines];
  };

  const tools = (element) => {
    const state = states.get(element);
    const bar = element.querySelector(".figure-tools");
    const button = (label, act) => valuegauge.element("button", { type: "button", onclick: act }, label);
    if (state.figure.radar) {
      const choice = valuegauge.element("span", { className: "choice", role: "group" });
      choice.setAttribute("aria-label", "Kind of figure");
      const modes = { dots: "Dots", radar: "Radar" };
      for (const [mode, label] of Object.entries(modes)) {
        const one = button(label, () => {
          state.mode = mode;
          choice.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === one)));
          draw(element);
        });
        one.setAttribute("aria-pressed", String(mode === "dots"));
        choice.append(one);
      }
      bar.append(choice);
    }
    bar.append(
      button("Save SVG", () => image(element, "svg")),
      button("Save PNG", () => image(element, "png")),
      button("Save CSV", async () => {
        state.others ??= await othersOf(state.figure);
        valuegauge.saveText(`${valuegauge.fileName(state.figure.title)}.csv`, valuegauge.csv(rowsOf(state)), "text/csv");
      }),
    );
    bar.hidden = false;
  };

  /** A figure made by a script; the pages' own are in their HTML. */
  valuegauge.figureElement = (figure) => {
    const { element } = valuegauge;
    const plot = element("div", { className: "plot", role: "img" });
    plot.setAttribute("aria-label", `Figure: ${figure.title}. Its numbers are in the table of this section.`);
    const caption = element("figcaption", {}, figure.title);
    if (figure.synthetic) caption.append(" ", element("span", { className: "tag sample-tag" }, "sample data"));
    const made = element("figure", { className: "figure" }, caption);
    if (figure.note) made.append(element("p", { className: "quiet" }, figure.note));
    made.append(element("div", { className: "figure-tools", hidden: true }), plot);
    made.figureData = figure;
    return made;
  };

  /** A dot plot of one score of several rows. */
  valuegauge.dotsOfRows = (data, score, rows) => {
    const name = data.scores[score];
    const group = data.groups.find((one) => one.scores.includes(name));
    const ends = (place) => rows.map((row) => row.scores[score]?.[place] ?? null);
    return {
      kind: "dots", title: `${name.replaceAll("_", " ")}, ${data.title}`, unit: group.unit, synthetic: data.synthetic, range: group.range, radar: false,
      categories: rows.map((row) => row.name), series: [{ name: name.replaceAll("_", " "), role: "plain", values: ends(0), low: ends(1), high: ends(2) }],
    };
  };

  valuegauge.showFigures = async (root, atOnce = true) => {
    for (const element of states.keys()) if (!element.isConnected) states.delete(element);
    for (const element of root.querySelectorAll("figure.figure")) {
      if (states.has(element)) continue;
      const figure = element.figureData || JSON.parse(element.querySelector("script[type='application/json']").textContent);
      states.set(element, { figure, mode: "dots", others: null, drawn: false });
      tools(element);
      if (atOnce) await draw(element);
      else near.observe(element);
    }
  };

  let width = innerWidth;
  let later;
  addEventListener("resize", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      if (innerWidth !== width && !printed.matches) redraw();
      width = innerWidth;
    }, 150);
  });
  document.addEventListener("valuegauge:theme", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  printed.addEventListener("change", drawAll);
  addEventListener("beforeprint", drawAll);
  valuegauge.showFigures(document, false);
})();
