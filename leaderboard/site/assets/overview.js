// The overview's tables: sorting, filtering, families of scores, choosing rows to compare.
// Only so many rows are in the page at a time; more follow when a reader comes near the end.
"use strict";
(() => {
  const MOST = 5;
  const DRAWN = 60;
  const CHUNK = 50;

  const start = (form) => {
    const id = form.dataset.table;
    const table = document.getElementById(`t-${id}`);
    const body = table.querySelector("tbody.rows");
    const section = form.closest("section");
    const more = section.querySelector(".more");
    const output = form.querySelector("output");
    const about = new Map(); // row -> { name, kind }
    let rest = section.querySelector("noscript.rest");
    let matching = null; // rows that pass the filter, in order; null: all that are in the page
    let limit = CHUNK;

    const know = (row) => {
      row.querySelector(".pick").hidden = false;
      about.set(row, { name: row.querySelector(".name").textContent.toLowerCase(), kind: row.dataset.kind });
    };

    /** All rows, in the page or not; the rest is text until now. */
    const all = () => {
      if (rest) {
        const holder = document.createElement("template");
        holder.innerHTML = rest.textContent;
        holder.content.querySelectorAll("tbody tr").forEach(know);
        rest.remove();
        rest = null;
      }
      return [...about.keys()];
    };

    const show = () => {
      body.replaceChildren(...matching.slice(0, limit));
      more.hidden = matching.length <= limit;
    };

    const passes = () => {
      const wanted = form.elements.find.value.trim().toLowerCase();
      const boxes = [...form.querySelectorAll("[name=kind]")];
      const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      return (row) => (!boxes.length || kinds.has(about.get(row).kind)) && about.get(row).name.includes(wanted);
    };

    const filter = () => {
      const rows = all();
      matching = rows.filter(passes());
      limit = CHUNK;
      output.textContent = `${matching.length} of ${rows.length} rows`;
      show();
    };

    const sort = (button) => {
      const head = button.closest("th");
      const rows = all();
      const keyed = order(table, rows, button);
      if (head.classList.contains("s")) rankBy(table, rows, head.cellIndex, button);
      const facts = keyed.map((row) => [row, about.get(row)]);
      about.clear();
      facts.forEach(([row, fact]) => about.set(row, fact));
      filter();
    };

    const lengthen = (to) => {
      matching ??= all();
      limit = to;
      show();
    };

    const askFigure = async () => {
      const place = document.getElementById(`fig-${id}`);
      const rows = matching || all();
      const key = [table.dataset.ranked, ...rows.map((row) => row.querySelector(".pick").value)].join();
      const close = !place.hidden && place.dataset.of === key;
      form.elements.figure.setAttribute("aria-expanded", String(!close));
      place.dataset.of = key;
      place.hidden = close;
      if (close) return;
      const data = await valuegauge.data(id);
      const byId = new Map(data.rows.map((row) => [row.id, row]));
      const drawn = rows.slice(0, DRAWN).map((row) => byId.get(row.querySelector(".pick").value));
      const figure = valuegauge.dotsOfRows(data, Number(table.dataset.ranked), drawn);
      if (rows.length > DRAWN) figure.note = `The first ${DRAWN} of ${rows.length} rows.`;
      place.replaceChildren(valuegauge.figureElement(figure));
      await valuegauge.showFigures(place);
    };

    [...body.rows].forEach(know);
    form.hidden = false;
    more.hidden = !rest;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.find.addEventListener("input", filter);
    form.addEventListener("change", (event) => {
      if (event.target.name === "kind") filter();
      if (event.target.name === "family") table.dataset.show = event.target.value;
    });
    table.tHead.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) sort(button);
    });
    body.addEventListener("change", () => choose(form, id, about));
    form.elements.figure.addEventListener("click", askFigure);
    more.querySelector("button").addEventListener("click", () => lengthen(Infinity));
    new IntersectionObserver(
      (entries) => entries.some((one) => one.isIntersecting) && lengthen(limit + CHUNK),
      { root: more.closest(".scroller"), rootMargin: "600px" },
    ).observe(more);
    addEventListener("beforeprint", () => lengthen(Infinity));

    // A browser may restore what was typed and ticked.
    if (form.elements.find.value || form.querySelector("[name=kind]:not(:checked)")) filter();
    if (form.elements.family) table.dataset.show = form.elements.family.value;
    choose(form, id, about);
  };

  /** Rows sorted by a column; missing values last, whichever the order. */
  const order = (table, rows, button) => {
    const head = button.closest("th");
    const first = button.dataset.first || "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const now = head.getAttribute("aria-sort") === first ? other : first;
    table.tHead.querySelectorAll("[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", now);
    const named = ["name", "verdict"].includes(button.dataset.sort);
    const text = (cell) => (cell.querySelector(".name, .verdict") || cell).textContent.trim();
    const value = (cell) => (cell.dataset.v === undefined ? null : Number(cell.dataset.v));
    const place = head.cellIndex;
    const keyed = rows.map((row) => [(named ? text : value)(row.cells[place]), row]);
    const sign = now === "ascending" ? 1 : -1;
    const { compare } = new Intl.Collator(undefined, { numeric: true });
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (named ? compare(a, b) : a - b);
    });
    return keyed.map(([, row]) => row);
  };

  /** Ranks and ties are those of the score that was sorted by last. */
  const rankBy = (table, rows, place, button) => {
    table.dataset.ranked = button.dataset.sort;
    table.querySelector("[data-by]").textContent = button.textContent;
    for (const row of rows) {
      const { r, t } = row.cells[place].dataset;
      row.cells[1].textContent = r || "–";
      if (t) row.cells[2].replaceChildren(valuegauge.element("b", {}, t));
      else row.cells[2].textContent = "–";
    }
  };

  const choose = (form, id, about) => {
    const boxes = [...about.keys()].map((row) => row.querySelector(".pick"));
    const ticked = boxes.filter((box) => box.checked);
    const full = ticked.length >= MOST;
    for (const box of boxes) if (!box.checked && box.disabled !== full) box.disabled = full;
    const link = form.querySelector(".compare");
    link.textContent = ticked.length ? `Compare ${ticked.length}` : "Compare";
    const rows = ticked.map((box) => box.value).join(",");
    link.href = `compare.html#table=${id}${rows && `&rows=${rows}`}`;
  };

  document.querySelectorAll("form[data-table]").forEach(start);
})();
