// The map of pairs: other rows, scores and scopes than the ones drawn in the page; what a cell says.
"use strict";
(() => {
  const { address, element, svg } = valuegauge;
  const WHERE = { on: "on these items", beyond: "beyond these items" };
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const label = (name) => name.replaceAll("_", " ");

  const counted = (states) => ["differs", "equivalent", "undecided"].map((state) => states.filter((one) => one === state).length);

  const differing = (count, of, what) => `${count || "none"} of ${of} ${what} differ${count < 2 ? "s" : ""}`;
  const are = (count) => `${count || "none"} ${count < 2 ? "is" : "are"}`;

  /** What a map shows, in numbers; figures/pair_map.py says the same of the map in the page. */
  const sentenceOf = (scope, matrix, kinds, scores, name) => {
    const people = kinds.filter((kind) => kind === "human").length === 1 && kinds.length > 2 ? kinds.indexOf("human") : -1;
    const others = [...kinds.keys()].filter((index) => index !== people);
    const noun = others.every((index) => ["model", "recording"].includes(kinds[index])) ? "models" : "rows";
    const [differ, same, open] = counted(others.flatMap((row) => others.filter((column) => column < row).map((column) => matrix[row][column])));
    const tested = differ + same + open;
    if (!tested) return `${capital(WHERE[scope])} no pair could be tested.`;
    const [on, all] = scores === 1 ? [name, ""] : [`${differ ? "some" : "any"} of ${scores} scores`, ` on all ${scores}`];
    let said = capital(WHERE[scope]);
    if (tested === 1) said += ` the only pair of ${noun} ${differ ? `differs on ${on}` : same ? `is equivalent${all || ` on ${name}`}` : "is undecided"}`;
    else said += ` ${differing(differ, tested, `pairs of ${noun}`)} on ${on}, ${are(same)} equivalent${all}, ${are(open)} undecided`;
    if (people >= 0) {
      const [unlike, ...rest] = counted(others.map((row) => matrix[row][people]));
      said += `; ${differing(unlike, unlike + rest[0] + rest[1], noun)} from people`;
    }
    return `${said}.`;
  };

  /** Bars through neighbouring cells of a row, below the diagonal. */
  const bars = (matrix, holds) => {
    let path = "";
    matrix.forEach((line, row) => {
      for (let column = 0; column < row; column++) {
        const start = column;
        while (column < row && holds(line[column])) column++;
        if (column > start) path += `M${start} ${row}.5h${column - start}`;
      }
    });
    return path;
  };
  const dots = (matrix, holds) =>
    matrix.flatMap((line, row) => line.slice(0, row).map((one, column) => (holds(one) ? `M${column}.5 ${row}.5h0` : ""))).join("");
  const gaps = (count) => Array.from({ length: Math.max(count - 1, 0) }, (_, k) => `M${k + 1} ${k + 1}V${count}`).join("");

  const paths = (matrix) => ({
    tested: bars(matrix, (one) => one !== "untested"),
    differs: bars(matrix, (one) => one === "differs"),
    equivalent: dots(matrix, (one) => one === "equivalent"),
  });

  /** The map as a file of its own: cells and names, light, on white. */
  const fileOf = (matrix, names, title, sentence) => {
    const cell = 18;
    const top = 62;
    const width = 40 + names.length * cell + 9 * Math.max(...names.map((name) => Math.min(name.length, 60)));
    const shown = Math.max(width, 9 * Math.max(title.length, sentence.length) * 0.8);
    const text = (x, y, words, more = {}) => svg.node("text", { x, y, "font-size": 13, fill: "#1c2126", ...more }, words);
    const drawing = svg.node("svg", { viewBox: `0 0 ${Math.ceil(shown)} ${top + (names.length + 2) * cell}`, width: Math.ceil(shown), "font-family": "sans-serif" });
    drawing.append(svg.node("rect", { width: "100%", height: "100%", fill: "#ffffff" }), text(12, 22, title, { "font-weight": "bold" }), text(12, 42, sentence));
    matrix.forEach((line, row) => {
      line.slice(0, row).forEach((state, column) => {
        if (state === "untested") return;
        const [x, y] = [12 + column * cell, top + row * cell];
        drawing.append(svg.node("rect", { x, y, width: cell - 2, height: cell - 2, fill: state === "differs" ? "#0f5f79" : "#dcd8cf" }));
        if (state === "equivalent") drawing.append(svg.node("circle", { cx: x + cell / 2 - 1, cy: y + cell / 2 - 1, r: 4, fill: "#0f5f79" }));
      });
      const whole = names[row];
      const named = text(16 + row * cell, top + row * cell + 13, whole.length > 60 ? `${whole.slice(0, 59)}…` : whole);
      if (whole.length > 60) named.append(svg.node("title", {}, whole));
      drawing.append(named);
    });
    drawing.append(text(12, top + (names.length + 1) * cell, "filled: differ; dot: equivalent within the margin; light: undecided", { "font-size": 12 }));
    return new XMLSerializer().serializeToString(drawing);
  };

  const start = (board, part) => {
    const map = part.querySelector(".map");
    const form = part.querySelector(".map-controls");
    const said = part.querySelector(".map-said");
    const mark = part.querySelector(".map-mark");
    const id = map.dataset.table;
    const items = [...map.querySelectorAll("li")];
    const names = new Map(items.map((one) => [one.dataset.row, one.textContent]));
    const kinds = new Map(items.map((one) => [one.dataset.row, one.dataset.kind]));
    const first = form.elements.score.value;
    let followed = first; // the scores of the strips and the table; the map's, unless others are chosen
    let rows = [...names.keys()];
    let lit = null;
    let cell = null; // the row and the column pointed at
    const HINT = "Point at a cell, or move from pair to pair with the arrow keys, to read about the two.";
    let turn = 0;
    let among = null; // of the rows drawn, once the tests are there

    const scope = () => board.dataset.scope || "beyond";
    const scores = () => form.elements.score.value.split(",").map(Number);
    const scoreNames = () => [...form.elements.score.options].filter((one) => !one.value.includes(",")).map((one) => one.textContent);
    const tests = async () => (among ??= (await valuegauge.verdicts(id, scores())).among(rows));
    const matrixOf = (found, where) => rows.map((a) => rows.map((b) => found.any(where, scores(), a, b)));

    const draw = async (wanted) => {
      const mine = ++turn;
      const known = await valuegauge.verdicts(id, scores());
      if (wanted.some((row) => !names.has(row))) {
        for (const row of (await valuegauge.data(`${id}/rows`)).rows) {
          names.set(row.id, row.name);
          kinds.set(row.id, row.kind);
        }
      }
      if (mine !== turn) return;
      const there = new Set(known.rows);
      rows = wanted.filter((row) => there.has(row));
      among = known.among(rows);
      point(null);
      const drawing = map.querySelector("svg");
      drawing.replaceChildren();
      drawing.setAttribute("viewBox", `0 0 ${rows.length || 1} ${rows.length || 1}`);
      map.style.setProperty("--n", Math.max(rows.length, 1));
      part.classList.toggle("few", rows.length < 2);
      for (const where of Object.keys(WHERE)) {
        const matrix = matrixOf(among, where);
        const group = svg.node("g", { class: "scope", "data-scope": where });
        for (const [name, d] of Object.entries(paths(matrix))) if (d) group.append(svg.node("path", { class: name, d }));
        drawing.append(group);
        const words = part.querySelector(`.map-sentence[data-scope=${where}]`);
        const left = wanted.length - rows.length;
        const without = left ? ` ${left === 1 ? "One row has" : `${left} rows have`} no tests.` : "";
        words.textContent = !wanted.length ? "No row passes these filters." : rows.length < 2 ? `Two rows or more are needed for a map.${without}` : sentenceOf(where, matrix, rows.map((row) => kinds.get(row)), scores().length, scoreNames()[scores()[0]]) + without;
      }
      drawing.append(svg.node("path", { class: "gaps", d: gaps(rows.length) }));
      map.querySelector(".map-names").replaceChildren(
        ...rows.map((row, index) => {
          const item = element("li", { style: `--i:${index}` }, element("bdi", { title: names.get(row) }, names.get(row)));
          item.dataset.row = row;
          item.dataset.kind = kinds.get(row);
          return item;
        }),
      );
      light(lit);
      scoped();
    };

    /** Two rows in words. */
    const words = (found, a, b) => {
      const [one, other] = [a, b].map((row) => names.get(row));
      const all = scores();
      const of = (state) => all.filter((score) => found.state(scope(), score, a, b) === state).map((score) => scoreNames()[score]);
      const differ = of("differs");
      const same = of("equivalent");
      const where = WHERE[scope()];
      if (all.length === 1) {
        const state = found.any(scope(), all, a, b);
        const name = scoreNames()[all[0]];
        if (state === "untested") return `${one} and ${other}: ${name} was not tested ${where}.`;
        return state === "undecided" ? `${one} and ${other}: undecided on ${name}, ${where}.` : `${one} and ${other} ${state === "differs" ? "differ" : "are equivalent"} on ${name}, ${where}.`;
      }
      const listed = differ.length ? `${differ.length} of ${all.length} scores (${differ.join(", ")})` : "no score";
      return `${one} and ${other} differ ${where} on ${listed}; equivalent on ${same.length}.`;
    };

    /** Points at a cell, or at none. */
    const point = async (to) => {
      if (String(to) === String(cell)) return;
      cell = to;
      mark.hidden = !to;
      map.querySelectorAll("li").forEach((one, index) => one.classList.toggle("paired", Boolean(to) && to.includes(index)));
      if (!to) said.textContent = HINT;
      if (!to) return;
      mark.style.setProperty("--i", to[0]);
      mark.style.setProperty("--j", to[1]);
      const found = await tests();
      if (String(cell) !== String(to)) return;
      const [a, b] = to.map((index) => rows[index]);
      said.replaceChildren(`${words(found, a, b)} `, element("a", { href: together(a, b) }, "Compare the two"));
    };

    const together = (a, b) => `compare.html#${new URLSearchParams({ table: id, rows: `${a},${b}` }).toString().replaceAll("%2C", ",")}`;

    const light = (row) => {
      lit = row;
      map.querySelectorAll("li").forEach((one) => one.classList.toggle("lit", one.dataset.row === row));
      const index = rows.indexOf(row);
      map.classList.toggle("has-lit", index >= 0);
      map.style.setProperty("--lit", index);
    };

    const under = (event) => {
      const box = map.querySelector("svg").getBoundingClientRect();
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows.length);
      const column = Math.floor(((event.clientX - box.left) / box.width) * rows.length);
      return row < rows.length && column >= 0 && column < row && !event.target.closest("li") ? [row, column] : null;
    };

    const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const key = (event) => {
      if (event.key === "Enter" && cell) location.href = together(rows[cell[0]], rows[cell[1]]);
      if (event.key === "Escape") point(null);
      const step = KEYS[event.key];
      if (!step || rows.length < 2) return;
      event.preventDefault();
      const [row, column] = cell ? [cell[0] + step[0], cell[1] + step[1]] : [1, 0];
      if (row >= 1 && row < rows.length && column >= 0 && column < row) point([row, column]);
    };

    const scoped = () => {
      for (const box of form.elements.scope) box.checked = box.value === scope();
      part.querySelector(".paper").dataset.sentence = part.querySelector(`.map-sentence[data-scope=${scope()}]`).textContent;
      const now = cell;
      cell = null;
      point(now);
    };

    map.tabIndex = 0;
    map.setAttribute("role", "application");
    map.setAttribute("aria-label", "Map of pairs. Arrow keys move from pair to pair, Enter compares the two.");
    map.addEventListener("keydown", key);
    map.addEventListener("pointermove", (event) => {
      const to = under(event);
      map.classList.toggle("on-cell", Boolean(to));
      if (to) point(to);
    });
    map.addEventListener("click", (event) => {
      const to = under(event);
      if (to) location.href = together(rows[to[0]], rows[to[1]]);
      const name = event.target.closest("li");
      if (name) board.dispatchEvent(new CustomEvent("valuegauge:light", { detail: { row: name.dataset.row } }));
    });
    board.addEventListener("valuegauge:light", (event) => light(event.detail.row));
    board.addEventListener("valuegauge:view", (event) => {
      scoped();
      light(event.detail.lit ?? null);
      const before = form.elements.score.value;
      if (event.detail.tests) shownScores(event.detail.tests);
      if (String(event.detail.rows) !== String(rows) || form.elements.score.value !== before) draw(event.detail.rows);
    });

    /** The map is of the scores that the strips and the table show, unless others are chosen for it. */
    const shownScores = (tests) => {
      const choices = form.elements.score;
      followed = tests.join();
      choices.querySelector("[data-followed]")?.remove();
      if (![...choices.options].some((one) => one.value === followed)) {
        choices.prepend(element("option", { value: followed, "data-followed": "" }, `any of the ${tests.length} scores shown`));
      }
      const chosen = address.get("table") === id && [...choices.options].find((one) => one.textContent === address.get("map"));
      choices.value = chosen ? chosen.value : followed;
    };

    form.hidden = false;
    said.textContent = HINT;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.score.addEventListener("change", () => {
      const chosen = form.elements.score;
      // what the address says of another table does not hold for this one
      const others = address.get("table") === id ? [] : address.keys().map((one) => [one, null]);
      address.set({ ...Object.fromEntries(others), table: id, map: chosen.value === followed ? null : chosen.selectedOptions[0].textContent });
      if (address.keys().length === 1) address.set({ table: null });
      draw(rows);
    });
    form.addEventListener("change", (event) => {
      if (event.target.name !== "scope") return;
      board.dataset.scope = event.target.value; // overview.js follows, and keeps it in the address
      board.dispatchEvent(new CustomEvent("valuegauge:view", { detail: { rows, scope: scope(), lit } }));
    });
    const paper = part.querySelector(".paper");
    const save = element("button", { type: "button", textContent: "Save SVG" });
    paper.querySelector("output").before(save);
    save.addEventListener("click", async () => {
      const matrix = matrixOf(await tests(), scope());
      const sentence = part.querySelector(`.map-sentence[data-scope=${scope()}]`).textContent;
      const title = `${board.querySelector("h2").textContent.trim()}: who differs from whom`;
      valuegauge.saveText(`${valuegauge.fileName(title)}.svg`, fileOf(matrix, rows.map((row) => names.get(row)), title, sentence), "image/svg+xml");
    });

    /** What the address says of this map. */
    const follow = () => {
      const mine = address.get("table") === id;
      const wanted = mine ? address.get("map") : null;
      const option = [...form.elements.score.options].find((one) => one.textContent === wanted);
      const value = option ? option.value : followed;
      if (value !== form.elements.score.value) {
        form.elements.score.value = value;
        draw(rows);
      }
      if (mine && address.get("scope")) board.dataset.scope = address.get("scope") === "on" ? "on" : "beyond";
      scoped();
    };
    form.elements.score.value = first; // a browser may restore another
    address.onchange(follow);
    address.onleave((table) => table === id && follow());
    follow();
  };

  for (const board of document.querySelectorAll("section.board")) {
    const part = board.querySelector(".pairs");
    if (part?.querySelector(".map")) start(board, part);
  }
})();
