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
      points: null, // of the rows drawn: where they are
    }));
    let view = null;

    const drawn = () => strips.filter((one) => !one.element.hidden && !one.element.parentElement.hidden);
    const numbersOf = (strip, row) => view.numbers[strip.group][row][strip.index];
    const atOf = (strip) => {
      const [low, high] = view.data.groups.find((one) => one.key === strip.group).range;
      return (value) => round(Math.min(Math.max((value - low) / (high - low), 0), 1) * WIDTH);
    };
    /** People stay where they are: they are the measure of what moves. */
    const valueOf = (strip, row) => {
      const numbers = numbersOf(strip, row);
      return view.wording < 0 || view.data.rows[row].kind === "human" ? numbers[VALUE] : (numbers[VARIANTS][view.wording] ?? null);
    };

    const mark = (strip, point) => {
      const { row, y } = point;
      const numbers = numbersOf(strip, row);
      const { id, kind } = view.data.rows[row];
      const at = atOf(strip);
      if (kind === "human") {
        return svg.node("g", { "data-row": id, class: "human" }, svg.node("path", { class: "people-mean", d: `M${point.x} 1V${HEIGHT - 1}` }));
      }
      const group = svg.node("g", { "data-row": id, class: sure(numbers) || null });
      const line = (low, high, name) => {
        if (low !== null && high !== null) group.append(svg.node("path", { class: name, d: `M${at(low)} ${y}H${at(high)}` }));
      };
      if (view.wording < 0) {
        line(numbers[LOW], numbers[HIGH], "beyond");
        line(numbers[ON_LOW], numbers[ON_HIGH], "on");
      }
      dot(group, `M${point.x} ${y}h0`);
      return group;
    };
    const dot = (group, d) => {
      group.append(svg.node("path", { class: "dot", d }));
      if (group.getAttribute("class") !== "b o") group.append(svg.node("path", { class: "hollow", d }));
    };

    /** Where each row is: its place in the order of all wordings keeps its height when a wording is chosen. */
    const place = (strip) => {
      const at = atOf(strip);
      const there = view.rows.filter((row) => (numbersOf(strip, row)?.[VALUE] ?? null) !== null);
      there.sort((a, b) => numbersOf(strip, b)[VALUE] - numbersOf(strip, a)[VALUE] || a - b);
      strip.points = there.flatMap((row, rank) => {
        const value = valueOf(strip, row);
        return value === null ? [] : [{ row, x: at(value), from: at(numbersOf(strip, row)[VALUE]), y: round(lane(rank, there.length)) }];
      });
    };

    const draw = (wanted) => {
      const moved = view && view.wording !== wanted.wording && String(view.rows) === String(wanted.rows);
      view = wanted;
      const columns = new Set(view.columns.map((one) => `${one.group} ${one.index}`));
      for (const one of strips) one.element.hidden = !columns.has(`${one.group} ${one.index}`);
      for (const block of figure.querySelectorAll(".block")) block.hidden = !block.querySelector(".strip:not([hidden])");
      for (const strip of drawn()) {
        place(strip);
        const few = view.rows.length <= MOST;
        const alone = strip.points.filter((one) => few || view.data.rows[one.row].kind === "human");
        const rest = strip.points.filter((one) => !alone.includes(one));
        const groups = new Map();
        for (const one of rest) {
          const kind = sure(numbersOf(strip, one.row));
          groups.set(kind, `${groups.get(kind) || ""}M${one.x} ${one.y}h0`);
        }
        const many = [...groups].map(([kind, d]) => {
          const group = svg.node("g", { class: kind || null });
          dot(group, d);
          return group;
        });
        const marks = alone.map((one) => mark(strip, one));
        strip.marks.replaceChildren(...many, ...marks);
        if (moved && few) slide(strip, alone, marks);
      }
      light(view.lit);
    };

    /** Dots go to their new value from the value over all wordings, for those who want motion. */
    const slide = (strip, points, marks) => {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      marks.forEach((one, index) => {
        const { x, from } = points[index];
        if (x !== from) one.animate([{ transform: `translateX(${from - x}px)` }, { transform: "none" }], { duration: 350, easing: "ease-out" });
      });
    };

    /** One row stands out in all strips; null for none. */
    const light = (row) => {
      figure.classList.toggle("has-lit", row !== null);
      for (const strip of drawn()) {
        strip.marks.querySelector(".lit")?.remove();
        strip.said.replaceChildren();
        const point = row === null ? null : strip.points?.find((one) => one.row === row);
        if (!point) continue;
        const made = mark(strip, point);
        made.classList.add("lit");
        strip.marks.append(made);
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
        const human = view.data.rows[one.row].kind === "human";
        const far = ((one.x / WIDTH) * box.width - x) ** 2 + (human ? 60 : (one.y - y) ** 2);
        if (far < least) [best, least] = [one.row, far];
      }
      return best;
    };

    return { draw, light, nearest, figure, ready: () => view !== null };
  };
  return start;
})();
