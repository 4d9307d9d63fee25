// The compare page: two to five rows of one table; the choice is in the address.
"use strict";
(() => {
  const MOST = 5;
  const LEAST = 2;
  const { element } = valuegauge;
  const form = document.getElementById("chooser");
  const choices = document.getElementById("choices");
  const output = document.getElementById("chosen");
  const place = document.getElementById("compared");
  let data = null;
  let rows = [];
  let turn = 0;

  const written = () => `#table=${form.elements.table.value}${rows.length ? `&rows=${rows.join(",")}` : ""}`;
  const read = () => {
    const told = new URLSearchParams(location.hash.slice(1));
    const tables = [...form.elements.table.options].map((option) => option.value);
    const table = tables.includes(told.get("table")) ? told.get("table") : form.elements.table.value;
    return { table, rows: (told.get("rows") || "").split(",").filter(Boolean) };
  };

  const list = () => {
    choices.replaceChildren(
      ...data.rows.map((row) => {
        const box = element("input", { type: "checkbox", value: row.id, checked: rows.includes(row.id) });
        const name = element("span", { className: "name", title: row.name }, element("bdi", {}, row.name));
        const label = element("label", { className: "check" }, box, name);
        if (row.kind !== "model") label.append(element("span", { className: "tag" }, row.kind === "published" ? "as published" : row.kind));
        return label;
      }),
    );
    find();
  };

  const find = () => {
    const wanted = form.elements.find.value.trim().toLowerCase();
    for (const label of choices.children) {
      const box = label.querySelector("input");
      label.hidden = !box.checked && !label.textContent.toLowerCase().includes(wanted);
    }
  };

  const limit = () => {
    for (const box of choices.querySelectorAll("input")) box.disabled = !box.checked && rows.length >= MOST;
    const more = rows.length < LEAST ? `; choose ${LEAST - rows.length} more` : rows.length === MOST ? "; no more than five" : "";
    output.textContent = `${rows.length} chosen${more}`;
  };

  const figureOf = (group, chosen) => {
    const places = group.scores.map((name) => data.scores.indexOf(name));
    const series = (row, role) => {
      const end = (at) => places.map((one) => row.scores[one]?.[at] ?? null);
      return { name: row.name, role, values: end(0), low: end(1), high: end(2) };
    };
    const drawn = chosen.map((row) => series(row, "plain"));
    if (data.people && !chosen.some((row) => row.kind === "human")) drawn.push(series(data.people, "people"));
    return {
      kind: "dots", title: `${group.title}, ${data.title}`, unit: group.unit, synthetic: data.synthetic,
      categories: group.labels, series: drawn, range: group.range, radar: group.scores.length >= 3,
    };
  };

  const differences = async (chosen) => {
    const part = element("section", {}, element("h2", {}, "Paired differences"));
    const option = form.elements.table.selectedOptions[0];
    if (!option.dataset.pairs) {
      const why = data.rows.length > data.pairsLimit ? `Not computed for tables of more than ${data.pairsLimit} rows.` : "None were computed for this table.";
      part.append(element("p", {}, why));
      return part;
    }
    const pairs = await valuegauge.data(`${data.id}-pairs`);
    const made = valuegauge.pairTable(data, pairs, chosen, new Set(data.scores.keys()));
    const method = element("a", { href: "methods.html#pairs" }, "How they are computed");
    part.append(element("p", {}, "Overlapping intervals do not say that two rows are alike; the paired difference does the comparing. ", method, "."));
    part.append(made || element("p", {}, "These rows share no answers to compare."));
    return part;
  };

  const show = async () => {
    const mine = ++turn;
    limit();
    const chosen = rows.map((id) => data.rows.find((row) => row.id === id));
    if (chosen.length < LEAST) {
      place.hidden = true;
      place.replaceChildren();
      return;
    }
    const colours = valuegauge.colours().series.map((_, series) => `var(--c${series + 1})`);
    const parts = [];
    if (data.synthetic) parts.push(element("p", { className: "sample", role: "note" }, element("strong", {}, "Sample data."), " These numbers say nothing about real models or people."));
    for (const group of data.groups) {
      parts.push(element("section", {}, element("h2", {}, group.title), valuegauge.figureElement(figureOf(group, chosen)), valuegauge.scoreTable(data, group, chosen, colours)));
    }
    const last = await differences(chosen);
    if (mine !== turn) return; // a later choice came first
    place.hidden = false;
    place.replaceChildren(...parts, last);
    await valuegauge.showFigures(place, false);
  };

  const load = async () => {
    const told = read();
    form.elements.table.value = told.table;
    data = await valuegauge.data(told.table);
    const known = new Set(data.rows.map((row) => row.id));
    rows = [...new Set(told.rows)].filter((id) => known.has(id)).slice(0, MOST);
    list();
    await show();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.find.addEventListener("input", find);
  form.elements.table.addEventListener("change", () => {
    rows = [];
    location.hash = written();
  });
  choices.addEventListener("change", (event) => {
    const { value, checked } = event.target;
    rows = checked ? [...rows, value] : rows.filter((id) => id !== value);
    history.replaceState(null, "", written());
    show();
  });
  addEventListener("hashchange", load);
  if (form.elements.table.options.length) {
    form.hidden = false;
    load();
  }
})();
