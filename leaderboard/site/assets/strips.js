// The strips of a table: draws other rows, scores and wordings than the page has, and finds the row under
// the pointer. figures/strips.py draws what the page has first, the same way.
"use strict";
valuegauge.strips = (() => {
  const WIDTH = 1000;
  const HEIGHT = 40;
  const MOST = 60; // above, without intervals
  const EDGE = 6;
  const LANES = 12;
  const STRIDE = 5;
  const [VALUE, LOW, HIGH, ON_LOW, ON_HIGH, VARIANTS, UNLIKE] = [0, 1, 2, 3, 4, 9, 10];
  const { svg, number, interval } = valuegauge;

  const lane = (rank, count) => {
    const lanes = Math.min(count, LANES);
    if (lanes === 1) return HEIGHT / 2;
    const chosen = count <= LANES ? rank : (rank * STRIDE) % LANES;
    return EDGE + (chosen * (HEIGHT - 2 * EDGE)) / (lanes - 1);
  };
  const round = (value) => Number(value.toFixed(1));

  /** `b` where a row differs from people beyond these items, `o` on them; both without people. */
  const sure = (numbers) => {
    const unlike = numbers[UNLIKE];
    return unlike === null ? "b o" : [unlike & 1 ? "b" : "", unlike & 2 ? "o" : ""].filter(Boolean).join(" ");
  };

  const start = (section) => {
    const figure = section.querySelector(".strips");
    const strips = [...figure.querySelectorAll(".strip")].map((element) => ({
      element,
      group: element.parentElement.dataset.group,
      index: Number(element.dataset.index),
      marks: element.querySelector(".marks"),
      said: element.querySelector(".strip-value"),
      people: element.querySelector(".strip-value").textContent,
      points: null, // of the rows drawn: where they are
    }));
    const moves = new WeakMap(); // a path of dots: where it came from, where it is
    let view = null;

    const drawn = () => strips.filter((one) => !one.element.hidden && !one.element.parentElement.hidden);
    const numbersOf = (strip, row) => view.numbers[strip.group][row][strip.index];
    const rangeOf = (strip) => view.data.groups.find((one) => one.key === strip.group).range;
    const atOf = (strip) => {
      const [low, high] = rangeOf(strip);
      return (value) => round(Math.min(Math.max((value - low) / (high - low), 0), 1) * WIDTH);
    };
    /** People stay where they are: they are the measure of what moves. */
    const valueOf = (strip, row) => {
      const numbers = numbersOf(strip, row);
      return view.wording < 0 || isHuman(row) ? numbers[VALUE] : (numbers[VARIANTS][view.wording] ?? null);
    };

    const path = (name, d) => svg.node("path", { class: name, d });
    const lineOf = (strip, { row, y }, low, high) => {
      const numbers = numbersOf(strip, row);
      const at = atOf(strip);
      return numbers[low] === null || numbers[high] === null ? "" : `M${at(numbers[low])} ${y}H${at(numbers[high])}`;
    };
    const isHuman = (row) => view.data.rows[row].kind === "human";
    const people = ({ row, x }) =>
      svg.node("g", { class: "human", "data-row": view.data.rows[row].id }, path("people-mean", `M${x} 1V${HEIGHT - 1}`));

    /** The marks of some rows: a path of each kind, and a tick for people. */
    const marksOf = (strip, points, intervals) => {
      const models = points.filter((one) => !isHuman(one.row));
      const made = [];
      for (const [name, low, high] of intervals ? [["beyond", LOW, HIGH], ["on", ON_LOW, ON_HIGH]] : []) {
        const d = models.map((one) => lineOf(strip, one, low, high)).join("");
        if (d) made.push(path(name, d));
      }
      const beyond = models.filter((one) => one.off).map(({ off, y }) => (off < 0 ? `M12 ${y - 5}L2 ${y}L12 ${y + 5}` : `M${WIDTH - 12} ${y - 5}L${WIDTH - 2} ${y}L${WIDTH - 12} ${y + 5}`));
      if (beyond.length) made.push(path("off", beyond.join("")));
      // tests are over all wordings: of a single one no dot says that it differs
      const verdict = (one) => (view.wording < 0 ? sure(numbersOf(strip, one.row)) : "b o");
      for (const [kind, of] of Map.groupBy(models.filter((one) => !one.off), verdict)) {
        const d = of.map((one) => `M${one.x} ${one.y}h0`).join("");
        const from = of.map((one) => `M${one.from} ${one.y}h0`).join("");
        const group = svg.node("g", { class: kind || null }, path("dot", d), kind === "b o" ? null : path("hollow", d));
        for (const one of group.children) moves.set(one, [from, d]);
        made.push(group);
      }
      return [...made, ...points.filter((one) => isHuman(one.row)).map(people)];
    };

    /** The mean of people is drawn whether or not their row is among those shown. */
    const meanOf = (strip) => {
      const there = strip.element.querySelector(".people-mean");
      const row = view.data.rows.findIndex((one) => one.kind === "human");
      const value = row < 0 || there ? null : (numbersOf(strip, row)?.[VALUE] ?? null);
      return value === null ? [] : [people({ row, x: atOf(strip)(value) })];
    };

    /** Where each row is: its place in the order of all wordings keeps its height when a wording is chosen. */
    const place = (strip) => {
      const at = atOf(strip);
      const there = view.rows.filter((row) => (numbersOf(strip, row)?.[VALUE] ?? null) !== null);
      there.sort((a, b) => numbersOf(strip, b)[VALUE] - numbersOf(strip, a)[VALUE] || a - b);
      strip.points = there.flatMap((row, rank) => {
        const value = valueOf(strip, row);
        const [low, high] = rangeOf(strip);
        const off = value < low ? -1 : value > high ? 1 : 0; // beyond an end of the axis
        return value === null ? [] : [{ row, off, x: at(value), from: at(numbersOf(strip, row)[VALUE]), y: round(lane(rank, there.length)) }];
      });
    };

    const draw = (wanted) => {
      const moved = view && view.wording !== wanted.wording && String(view.rows) === String(wanted.rows);
      view = wanted;
      const columns = new Set(view.columns.map((one) => `${one.group} ${one.index}`));
      for (const one of strips) one.element.hidden = !columns.has(`${one.group} ${one.index}`);
      for (const block of figure.querySelectorAll(".block")) block.hidden = !block.querySelector(".strip:not([hidden])");
      figure.classList.toggle("of-wording", view.wording >= 0);
      const intervals = view.wording < 0 && view.rows.length <= MOST;
      for (const strip of drawn()) {
        place(strip);
        strip.marks.classList.toggle("many", view.rows.length > MOST);
        strip.marks.replaceChildren(...marksOf(strip, strip.points, intervals));
        strip.marks.append(...meanOf(strip));
        if (moved && !matchMedia("(prefers-reduced-motion: reduce)").matches) strip.marks.querySelectorAll(".dot, .hollow").forEach(slide);
      }
      light(view.lit);
      figure.classList.toggle("has-off", figure.querySelector(".marks .off") !== null);
    };

    /** Dots go from their value over all wordings to that of the wording chosen. */
    const slide = (one) => {
      const [from, to] = moves.get(one);
      one.animate({ d: [`path("${from}")`, `path("${to}")`] }, { duration: 350, easing: "ease-out" });
    };

    /** One row stands out in all strips; null for none. */
    const light = (row) => {
      figure.classList.toggle("has-lit", row !== null);
      for (const strip of drawn()) {
        strip.marks.querySelector(".lit")?.remove();
        strip.said.replaceChildren(row === null ? strip.people : "");
        const point = row === null ? null : strip.points?.find((one) => one.row === row);
        if (row !== null && !point) strip.said.append(valuegauge.element("b", {}, "–"), view.rows.includes(row) ? " no value" : " filtered out");
        if (!point) continue;
        const made = marksOf(strip, [point], view.wording < 0);
        strip.marks.append(svg.node("g", { class: "lit", "data-row": view.data.rows[row].id }, ...made));
        const numbers = numbersOf(strip, row);
        const ends = view.scope === "on" ? [numbers[ON_LOW], numbers[ON_HIGH]] : [numbers[LOW], numbers[HIGH]];
        const range = view.wording < 0 ? interval(...ends) : `${number(numbers[VALUE])} over all`;
        strip.said.append(valuegauge.element("b", {}, number(valueOf(strip, row))), ` ${range}`);
      }
    };

    /** The row nearest to the pointer, within reach. */
    const nearest = (event) => {
      const drawing = event.target.closest(".strip-plot");
      const strip = drawing && strips.find((one) => one.element.contains(drawing));
      if (!strip?.points) return null;
      const box = drawing.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, ((event.clientY - box.top) / box.height) * HEIGHT];
      let best = null;
      let least = 26 ** 2;
      for (const one of strip.points) {
        const far = ((one.x / WIDTH) * box.width - x) ** 2 + (isHuman(one.row) ? 60 : (one.y - y) ** 2);
        if (far < least) [best, least] = [one.row, far];
      }
      return best;
    };

    return { draw, light, nearest, figure, ready: () => view !== null };
  };
  return start;
})();
