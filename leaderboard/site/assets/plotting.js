// From the plain data of a figure to what Plotly draws.
"use strict";
(() => {
  const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x"];
  const PROBED = ["bg", "ink", "soft", "line", "strong-line", "faint", "c1", "c2", "c3", "c4", "c5", "c6"];

  /** Colours of a theme, as the style sheet resolves them; of the page's theme when none is named. */
  valuegauge.colours = (theme) => {
    const probe = document.createElement("span");
    if (theme) probe.style.colorScheme = theme;
    document.body.append(probe);
    const found = {};
    for (const name of PROBED) {
      probe.style.color = `var(--${name})`;
      found[name] = getComputedStyle(probe).color;
    }
    found.series = [1, 2, 3, 4, 5, 6].map((place) => found[`c${place}`]);
    found.font = getComputedStyle(document.body).fontFamily;
    probe.remove();
    return found;
  };

  /** Text that Plotly shows as it is: it would read tags, and let text run from right to left. */
  const plain = (text, most = 60) => {
    const line = text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/\s+/g, " ");
    const letters = [...line];
    const cut = letters.length > most ? letters.slice(0, most - 1).join("") + "…" : line;
    return cut.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  };

  /** Text in lines of so many letters, cut between words. */
  const wrapped = (text, most) => {
    const lines = [""];
    for (const word of plain(text, 160).split(" ")) {
      if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    return lines.join("<br>");
  };

  const told = (series, place, label) => {
    const { values, low, high } = series;
    const range = low.length && low[place] !== null ? ` (${valuegauge.interval(low[place], high[place])})` : "";
    return `${plain(series.name)}<br>${plain(label)}: ${valuegauge.number(values[place])}${range}`;
  };

  const look = (series, place, colours) => {
    if (series.role === "people") return { color: colours.ink, symbol: "diamond-open", size: 9, line: { width: 1.6 } };
    const color = colours.series[place % colours.series.length];
    return { color, symbol: SYMBOLS[place % SYMBOLS.length], size: 9 };
  };

  const whiskers = (series, color) => {
    const reach = (end, sign) =>
      series.values.map((value, place) =>
        value === null || series[end][place] === null || series[end][place] === undefined ? 0 : sign * (series[end][place] - value),
      );
    return { type: "data", symmetric: false, array: reach("high", 1), arrayminus: reach("low", -1), color, thickness: 1.5, width: 0 };
  };

  const otherDots = (figure, others, colours) => {
    const x = [];
    const y = [];
    const text = [];
    for (const row of others) {
      row.values.forEach((value, place) => {
        if (value === null) return;
        x.push(value);
        y.push(place);
        text.push(told({ ...row, low: [] }, place, figure.categories[place]));
      });
    }
    const marker = { color: colours.faint, size: 6, opacity: others.length > 100 ? 0.25 : 0.45 };
    return { type: "scatter", mode: "markers", name: "all other rows", x, y, text, hovertemplate: "%{text}<extra></extra>", marker };
  };

  const base = (figure, colours, height) => ({
    height,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: colours.font, size: 12.5, color: colours.ink },
    margin: { l: 10, r: 14, t: 8, b: 44 },
    showlegend: (figure.series || []).length > 1 || Boolean(figure.others),
    legend: { orientation: "h", y: 0, yref: "container", yanchor: "bottom", x: 0, font: { size: 12 } },
    hoverlabel: { bgcolor: colours.bg, bordercolor: colours["strong-line"], font: { color: colours.ink, family: colours.font } },
    dragmode: false,
  });

  const axis = (colours, more) => ({
    gridcolor: colours.line, linecolor: colours["strong-line"], zerolinecolor: colours["strong-line"],
    zerolinewidth: 1.2, tickcolor: colours["strong-line"], fixedrange: true, automargin: true, ...more,
  });

  const dots = (figure, colours, others, narrow) => {
    const count = figure.series.length;
    const step = Math.min(0.24, 0.72 / count);
    const traces = others.length ? [otherDots(figure, others, colours)] : [];
    figure.series.forEach((series, place) => {
      const marker = look(series, place, colours);
      traces.push({
        type: "scatter",
        mode: "markers",
        name: plain(series.name, narrow ? 24 : 48),
        x: series.values,
        y: series.values.map((_, row) => row + (place - (count - 1) / 2) * step),
        text: figure.categories.map((label, row) => told(series, row, label)),
        hovertemplate: "%{text}<extra></extra>",
        marker,
        ...(series.low.length ? { error_x: whiskers(series, marker.color) } : {}),
      });
    });
    const rows = figure.categories.length;
    const legend = (traces.length > 1) * (narrow ? 20 * traces.length : 44);
    const height = rows * Math.max(26, 11 * count + 8) + 66 + legend;
    const labels = figure.categories.map((label) => plain(label, narrow ? 22 : 42));
    return {
      traces,
      layout: {
        ...base(figure, colours, height),
        margin: { l: 10, r: 14, t: 8, b: 48 + legend },
        xaxis: axis(colours, { range: figure.range, title: { text: wrapped(figure.unit, narrow ? 32 : 80), standoff: 8 } }),
        yaxis: axis(colours, {
          range: [rows - 0.4, -0.6], tickvals: labels.map((_, row) => row), ticktext: labels,
          zeroline: false, ticks: "",
        }),
      },
    };
  };

  const radar = (figure, colours, others, narrow) => {
    const closed = (list) => [...list, list[0]];
    const theta = closed(figure.categories.map((label) => plain(label, narrow ? 12 : 26)));
    const line = (series, values, more) => ({
      type: "scatterpolar", r: closed(values), theta, hovertemplate: "%{text}<extra></extra>",
      text: closed(figure.categories.map((label, place) => told(series, place, label))), ...more,
    });
    const traces = [];
    figure.series.forEach((series, place) => {
      const marker = look(series, place, colours);
      const dash = series.role === "people" ? "dash" : "solid";
      traces.push(line(series, series.values, {
        mode: "lines+markers", name: plain(series.name, narrow ? 24 : 48), marker, line: { color: marker.color, width: 2, dash },
      }));
      if (place === 0 && series.low.length) {
        for (const end of ["low", "high"]) {
          traces.push(line(series, series[end], {
            mode: "lines", line: { color: marker.color, width: 1, dash: "dot" }, showlegend: false, hoverinfo: "skip",
          }));
        }
      }
    });
    const sides = narrow ? 84 : 90;
    return {
      traces,
      layout: {
        ...base(figure, colours, narrow ? 360 : 480),
        margin: { l: sides, r: sides, t: 40, b: 60 },
        ...(narrow ? { font: { family: colours.font, size: 11, color: colours.ink } } : {}),
        polar: {
          bgcolor: "rgba(0,0,0,0)",
          radialaxis: axis(colours, { range: figure.range, angle: 90, tickangle: 90, nticks: 5 }),
          angularaxis: { direction: "clockwise", rotation: 90, gridcolor: colours.line, linecolor: colours["strong-line"] },
        },
      },
    };
  };

  /** Half one colour, half another: soft enough for text on it. */
  const mixed = (one, other) => {
    const [a, b] = [one, other].map((colour) => colour.match(/[\d.]+/g).map(Number));
    return `rgb(${[0, 1, 2].map((part) => Math.round((a[part] + b[part]) / 2)).join(",")})`;
  };

  const heat = (figure, colours, _, narrow) => ({
    traces: [{
      type: "heatmap", z: figure.cells, x: figure.x.map((_, place) => place), y: figure.y.map((_, place) => place), zmin: -1, zmax: 1, xgap: 2, ygap: 2,
      colorscale: [[0, mixed(colours.c2, colours.bg)], [0.5, colours.bg], [1, mixed(colours.c1, colours.bg)]],
      text: figure.cells.map((row) => row.map((value) => valuegauge.number(value))), textfont: { color: colours.ink },
      hovertext: figure.cells.map((row, y) => row.map((value, x) => `${plain(figure.y[y])}, ${plain(figure.x[x])}: ${valuegauge.number(value)}`)),
      hovertemplate: "%{hovertext}<extra></extra>", texttemplate: "%{text}",
      colorbar: { thickness: 10, outlinewidth: 0, tickvals: [-1, 0, 1], len: 1 },
    }],
    layout: {
      ...base(figure, colours, figure.y.length * 28 + 110),
      xaxis: axis(colours, { tickvals: figure.x.map((_, place) => place), ticktext: figure.x.map((one) => plain(one, narrow ? 16 : 30)), showgrid: false, zeroline: false }),
      yaxis: axis(colours, { tickvals: figure.y.map((_, place) => place), ticktext: figure.y.map((one) => plain(one, narrow ? 16 : 30)), autorange: "reversed", showgrid: false, zeroline: false }),
    },
  });

  const calibration = (figure, colours) => {
    const most = Math.max(...figure.points.map((point) => point.count || 0), 1);
    const size = figure.points.map((point) => 6 + 12 * Math.sqrt((point.count || 0) / most));
    const points = {
      type: "scatter", mode: "markers+lines", x: figure.points.map((point) => point.predicted), y: figure.points.map((point) => point.observed),
      text: figure.points.map((p) => `predicted ${valuegauge.number(p.predicted)}<br>observed ${valuegauge.number(p.observed)}<br>${p.count} choices`),
      hovertemplate: "%{text}<extra></extra>", marker: { color: colours.c1, size, opacity: 1 }, line: { color: colours.c1, width: 1.2 }, name: "observed",
    };
    const even = { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], line: { color: colours.faint, dash: "dash", width: 1.2 }, hoverinfo: "skip" };
    return {
      traces: [even, points],
      layout: {
        ...base(figure, colours, 360),
        xaxis: axis(colours, { range: [-0.03, 1.03], title: { text: "predicted probability" } }),
        yaxis: axis(colours, { range: [-0.03, 1.03], title: { text: "observed share" } }),
      },
    };
  };

  const KINDS = { dots, radar, heat, calibration };
  valuegauge.plotted = (figure, mode, colours, others, narrow) =>
    KINDS[mode === "radar" ? "radar" : figure.kind](figure, colours, others, narrow);
  valuegauge.plain = plain;
})();
