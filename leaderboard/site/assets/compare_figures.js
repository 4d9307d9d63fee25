// The figures of the compare page: profiles on one axis a group, and the differences of two rows.
"use strict";
(() => {
  const { svg } = valuegauge;
  const { node } = svg;
  const LINE = 14; // between rows within a score
  const NARROW = 560;

  /** A row's mark: its shape says it as well as its colour. */
  const SHAPES = [
    (x, y, r) => node("circle", { cx: x, cy: y, r }),
    (x, y, r) => node("path", { d: `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z` }),
    (x, y, r) => node("path", { d: `M${x} ${y - r * 1.35}L${x + r * 1.35} ${y}L${x} ${y + r * 1.35}L${x - r * 1.35} ${y}z` }),
    (x, y, r) => node("path", { d: `M${x} ${y - r * 1.2}L${x + r * 1.25} ${y + r}H${x - r * 1.25}z` }),
    (x, y, r) => node("path", { d: `M${x} ${y + r * 1.2}L${x + r * 1.25} ${y - r}H${x - r * 1.25}z` }),
  ];
  const mark = (index, x, y, r = 4.5) => {
    const made = SHAPES[index](x, y, r);
    made.setAttribute("class", `mark s${index + 1}`);
    return made;
  };

  const pen = document.createElement("canvas").getContext("2d");
  /** How wide words are in a figure, in pixels. */
  const widthOf = (words, size = 13) => {
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    return pen.measureText(words).width;
  };
  const cut = (words, width) => {
    if (widthOf(words) <= width) return words;
    let kept = words.slice(0, 200);
    while (kept.length > 1 && widthOf(`${kept}…`) > width) kept = kept.slice(0, -1);
    return `${kept}…`;
  };

  const text = (x, y, words, kind = "label", anchor = null, whole = null) => {
    const made = node("text", { x, y, class: kind, "text-anchor": anchor }, words);
    if (whole && whole !== words) made.append(node("title", {}, whole));
    return made;
  };

  const line = (kind, x1, y1, x2, y2) => node("path", { class: kind, d: `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}` });

  /** Words in lines of no more than a width. */
  const wrapped = (words, width, size = 12) => {
    const lines = [""];
    for (const word of words.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (widthOf(longer, size) <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };
  const BELOW = 28; // ticks, and then the lines of the unit
  const foot = (unit, width) => BELOW + wrapped(unit, width).length * 16;

  /** Ticks, their labels and the unit below; zero where it is within. */
  const frame = (axis, top, bottom, unit, width) => {
    const ticks = axis.ticks(width < NARROW ? 4 : 7);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
    const made = ticks.map((value) => line(value === 0 ? "zero" : "tick-line", axis.at(value), top, axis.at(value), bottom));
    made.push(...ticks.map((value) => text(axis.at(value), bottom + 16, svg.tickText(value, step), "tick", "middle")));
    wrapped(unit, width).forEach((words, index) => made.push(text(0, bottom + 36 + index * 16, words, "tick")));
    return made;
  };

  const blank = (width, height, title) => {
    const made = node("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
    return made;
  };

  /** Where the labels of scores are: left of the marks, or above them where there is little room. */
  const layout = (labels, width) => {
    const wide = width >= NARROW;
    const left = wide ? Math.min(12 + Math.max(...labels.map((one) => widthOf(one))), width * 0.4) : 8;
    const room = wide ? left - 8 : width - 130; // what a pair's state needs stands at the right
    const lines = Math.max(...labels.map((one) => wrapped(one, room, 13).length));
    return { wide, left, room, lines, head: wide ? 0 : 2 + 16 * lines };
  };

  /** The label of a score, whole: in lines about the middle of its strip, or at its top. */
  const named = (words, { wide, left, room }, top, strip) => {
    const lines = wrapped(words, room, 13);
    const first = wide ? top + strip / 2 + 4 - (lines.length - 1) * 8 : top + 15;
    return lines.map((line_, index) => text(wide ? left - 6 : 0, first + 16 * index, line_, "label", wide ? "end" : null));
  };

  /** The scores of a group: a strip a score, a line a row, people as a line across. */
  valuegauge.profileFigure = (data, group, rows, people, width) => {
    const places = group.scores.map((name) => data.scores.indexOf(name));
    const all = [...rows, ...(people ? [people] : [])].flatMap((row) => places.flatMap((at) => (row.scores[at] || []).slice(0, 5))).filter((one) => one !== null);
    const placed = layout(group.labels, width);
    const { left, head } = placed;
    const strip = head + Math.max(rows.length * LINE + 12, placed.wide ? 16 * placed.lines + 4 : 0);
    const legend = (rows.length + (people ? 1 : 0)) * 20 + 12;
    const bottom = legend + group.scores.length * strip;
    const axis = svg.axis(Math.min(group.range[0], ...all), Math.max(group.range[1], ...all), left + 6, width - 10);
    const made = blank(width, bottom + foot(group.unit, width), `${group.title} of ${rows.map((row) => row.name).join(", ")}; the numbers are in the table below`);
    rows.forEach((row, index) => made.append(mark(index, 10, 12 + index * 20), text(24, 17 + index * 20, cut(row.name, width - 30), "label", null, row.name)));
    if (people) {
      const y = 12 + rows.length * 20;
      made.append(line("people-mean", 10, y - 7, 10, y + 7), text(24, y + 5, cut(people.name, width - 30), "label", null, people.name));
    }
    made.append(...frame(axis, legend, bottom, group.unit, width));
    group.scores.forEach((name, index) => {
      const top = legend + index * strip;
      const at = places[index];
      if (index) made.append(line("axis", 0, top, width, top));
      made.append(...named(group.labels[index], placed, top, strip));
      const middle = people?.scores[at];
      if (middle) {
        const [value, low, high] = middle;
        if (low !== null) made.append(node("rect", { class: "people", x: axis.at(low), y: top + head + 2, width: Math.max(axis.at(high) - axis.at(low), 1), height: strip - head - 4 }));
        made.append(line("people-mean", axis.at(value), top + head + 2, axis.at(value), top + strip - 2));
      }
      rows.forEach((row, k) => {
        const found = row.scores[at];
        const y = top + head + 6 + LINE / 2 + k * LINE;
        if (!found) return;
        const [value, low, high, onLow, onHigh] = found;
        const group_ = node("g", { class: `s${k + 1}`, "data-row": row.id });
        if (low !== null) group_.append(line("beyond", axis.at(low), y, axis.at(high), y));
        if (onLow !== null) group_.append(line("on", axis.at(onLow), y, axis.at(onHigh), y));
        group_.append(mark(k, axis.at(value), y), node("title", {}, `${row.name}, ${group.labels[index]}: ${valuegauge.number(value)} (${valuegauge.interval(low, high)})`));
        made.append(group_);
      });
    });
    return made;
  };

  const WORDS = { differs: "differ", equivalent: "equivalent", undecided: "undecided", untested: "not tested" };

  /** What a difference says in the widest scope in which it says anything. */
  valuegauge.stateWords = (difference) => {
    const { on, beyond } = difference;
    if (beyond.state === "differs") return "differ beyond";
    if (on.state === "differs") return "differ on these";
    if (beyond.state === "equivalent") return "equivalent beyond";
    return on.state === "equivalent" ? "equivalent on these" : WORDS[beyond.state === "untested" ? on.state : beyond.state];
  };

  /** The differences of two rows in the scores of a group, with the margin as a band about zero. */
  valuegauge.differenceFigure = (data, group, pair, margins, width) => {
    const found = group.scores.map((name) => pair.differences.find((one) => one.score === name));
    const shown = group.scores.map((name, index) => ({ label: group.labels[index], of: found[index], margin: margins[data.scores.indexOf(name)] })).filter((one) => one.of);
    if (!shown.length) return null;
    const placed = layout(shown.map((one) => one.label), width);
    const { wide, left, head } = placed;
    const right = wide ? 150 : 8;
    const strip = head + Math.max(24, wide ? 16 * placed.lines + 4 : 0);
    const top = 8;
    const bottom = top + shown.length * strip;
    const ends = shown.flatMap(({ of, margin }) => [of.value, of.on.low, of.on.high, of.beyond.low, of.beyond.high, margin, -margin]).filter((one) => Number.isFinite(one));
    const reach = 1.04 * Math.max(...ends.map(Math.abs), 1e-6);
    const axis = svg.axis(-reach, reach, left + 6, width - right);
    const unit = `${group.unit}; ${cut(pair.a.name, Math.min(300, width - 60))} less ${cut(pair.b.name, Math.min(300, width - 60))}`;
    const made = blank(width, bottom + foot(unit, width), `${group.title}: ${pair.a.name} less ${pair.b.name}; the numbers are in the table below`);
    shown.forEach(({ margin }, index) => {
      const y0 = top + index * strip;
      if (Number.isFinite(margin)) made.append(node("rect", { class: "margin", x: axis.at(-margin), y: y0 + head, width: axis.at(margin) - axis.at(-margin), height: strip - head }));
    });
    made.append(...frame(axis, top, bottom, unit, width));
    shown.forEach(({ of, label }, index) => {
      const y0 = top + index * strip;
      const y = y0 + head + (strip - head) / 2;
      const state = valuegauge.stateWords(of);
      const line_ = node("g", { "data-score": of.score });
      made.append(...named(label, placed, y0, strip));
      made.append(wide ? text(width - right + 12, y + 4, state, "tick", "start") : text(width, y0 + 15, state, "tick", "end"));
      if (of.beyond.low !== null) line_.append(line("beyond", axis.at(of.beyond.low), y, axis.at(of.beyond.high), y));
      if (of.on.low !== null) line_.append(line("on", axis.at(of.on.low), y, axis.at(of.on.high), y));
      line_.append(node("circle", { class: state.startsWith("differ") ? "dot" : "hollow", cx: axis.at(of.value), cy: y, r: 4.5 }));
      line_.append(node("title", {}, `${label}: ${valuegauge.number(of.value)}, ${state}`));
      made.append(line_);
    });
    return made;
  };
})();
