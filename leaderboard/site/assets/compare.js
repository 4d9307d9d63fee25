// The compare page: two to five rows of one table; the choice is in the address.
"use strict";
(() => {
  const MOST = 5;
  const LEAST = 2;
  const LISTED = 60; // names in the chooser at once
  const { address, element } = valuegauge;
  const form = document.getElementById("chooser");
  const choices = document.getElementById("choices");
  const output = document.getElementById("chosen");
  const place = document.getElementById("compared");
  let data = null;
  let rows = [];
  let asked = 0;
  let lost = ""; // says what the address names and is not here
  let turn = 0;
  let redraw = () => {};

  const KINDS = { published: "as published", human: "people" };
  const option = () => form.elements.table.selectedOptions[0];
  const byId = (id) => data.rows.find((row) => row.id === id);

  /** Chosen rows first, then those shown first on the overview, then the others. */
  const list = () => {
    const wanted = form.elements.find.value.trim().toLowerCase();
    const shown = new Set(data.shown.map((index) => data.rows[index].id));
    const rank = (row) => (rows.includes(row.id) ? 0 : shown.has(row.id) ? 1 : 2);
    const found = data.rows.filter((row) => rows.includes(row.id) || row.name.toLowerCase().includes(wanted)).sort((one, other) => rank(one) - rank(other));
    const labels = found.slice(0, LISTED).map((row) => {
      const box = element("input", { type: "checkbox", value: row.id, checked: rows.includes(row.id) });
      const one = element("label", { className: "check" }, box, element("span", { className: "name", title: row.name }, element("bdi", {}, row.name)));
      if (row.kind !== "model") one.append(element("span", { className: "tag" }, KINDS[row.kind] || row.kind));
      return one;
    });
    if (found.length > LISTED) labels.push(element("p", { className: "quiet" }, `${found.length - LISTED} more; type a part of the name`));
    choices.replaceChildren(...labels);
    limit();
  };

  const limit = () => {
    for (const box of choices.querySelectorAll("input")) box.disabled = !box.checked && rows.length >= MOST;
    const more = rows.length < LEAST ? `; choose ${LEAST - rows.length} more` : rows.length === MOST ? "; no more than five" : "";
    const chosen = asked > MOST ? `The first five of ${asked} rows` : `${rows.length} chosen${more}`;
    output.textContent = chosen + lost;
  };

  const figure = (id, title, draw) => {
    const box = element("div", { className: "drawn" });
    const again = () => {
      const made = draw(Math.min(Math.floor(box.clientWidth || place.clientWidth), 1100));
      if (made) {
        made.id = id;
        box.replaceChildren(made);
      }
    };
    return { box: element("figure", { className: "compared-figure" }, element("figcaption", {}, title), box), again };
  };

  const paper = (facts, ...more) => {
    const box = element("div", { className: "paper" });
    for (const [name, value] of Object.entries(facts)) if (value) box.dataset[name] = value;
    valuegauge.paper(box);
    box.querySelector("output").before(...more);
    return box;
  };

  /** Figures of the groups; those of the scores that the overview showed come first. */
  const profiles = (chosen, people, figures) => {
    const family = address.get("scores");
    const first = (group) => group.family === family || group.scores.includes(family);
    return [...data.groups]
      .sort((one, other) => first(other) - first(one))
      .filter((group) => chosen.some((row) => group.scores.some((name) => row.scores[data.scores.indexOf(name)])))
      .map((group) => {
        const id = `profile-${group.key}`;
        const band = people ? `; band: ${people.name}` : "";
        const drawn = figure(id, `Scores with 95% intervals, thick on these items, thin beyond them${band}.`, (width) => valuegauge.profileFigure(data, group, chosen, people, width));
        figures.push(drawn.again);
        const numbers = element("details", {}, element("summary", {}, "Numbers"), valuegauge.scoreTable(data, group, [...chosen, ...(people ? [people] : [])]));
        return element("section", {}, element("h2", {}, group.title), drawn.box, paper({ figure: `#${id}` }), numbers);
      });
  };

  /** The figures and the numbers of one pair. */
  const onePair = (pair, index, tested, margins, figures) => {
    const parts = data.groups
      .filter((group) => group.scores.some((name) => pair.differences.some((one) => one.score === name)))
      .map((group) => {
        const id = `difference-${index}-${group.key}`;
        const drawn = figure(id, `${group.title}: ${pair.a.name} less ${pair.b.name}`, (width) => valuegauge.differenceFigure(data, group, pair, margins, width));
        figures.push(drawn.again);
        return element("div", {}, drawn.box, paper({ figure: `#${id}` }));
      });
    return [...parts, valuegauge.pairTable(pair, tested)];
  };

  const folded = (pair, content) => {
    const details = element("details", { className: "pair-details" }, element("summary", {}, valuegauge.pairSummary(pair)), element("p", {}, valuegauge.pairSentence(pair)), ...content);
    details.addEventListener("toggle", () => details.open && redraw());
    return details;
  };

  /** What the comparison says, and the pairs behind it. */
  const differences = (chosen, files, figures) => {
    const first = element("section", { className: "finding" });
    const pairs = option().dataset.pairs ? valuegauge.pairsOf(data, files, chosen, new Set(option().dataset.apart.split(",").filter(Boolean))) : [];
    const tested = pairs.reduce((sum, pair) => sum + pair.differences.length, 0);
    if (!tested) {
      const many = data.shown.length > data.pairsLimit;
      const why = many
        ? `Pairs are tested one by one in tables that show ${data.pairsLimit} rows or fewer; this one shows ${data.shown.length}. Intervals that overlap do not say that two rows are alike; “valuegauge compare” tests the runs of any two logs.`
        : "No differences of these rows were tested: they share no answers to compare.";
      first.append(element("p", {}, why));
      return [first];
    }
    const margins = option().dataset.margins.split(",").map((one) => (one === "None" ? NaN : Number(one)));
    const sentence = pairs.length === 1 ? valuegauge.pairSentence(pairs[0]) : valuegauge.pairsSentence(pairs);
    const csv = element("button", { type: "button", textContent: "CSV" });
    csv.addEventListener("click", () => valuegauge.saveText(`${data.id}-compared.csv`, valuegauge.csv(valuegauge.pairLines(data, pairs)), "text/csv"));
    first.append(element("p", { className: "verdict-line" }, sentence), paper({ sentence, latex: valuegauge.latexRows(pairs), cite: option().dataset.cite }, csv));
    const method = element("a", { href: "methods.html#pairs" }, "How they are tested");
    const last = element(
      "section",
      { className: "differences" },
      element("h2", {}, pairs.length === 1 ? "The difference" : "Each two compared"),
      element("p", { className: "quiet" }, "Thick line: 95% interval on these items; thin: beyond them; band: the margin. A filled dot says that the two differ. ", method, "."),
    );
    const shown = pairs.map((pair, index) => [pair, onePair(pair, index, tested, margins, figures)]);
    last.append(...shown.flatMap(([pair, content]) => (pairs.length === 1 ? content : [folded(pair, content)])));
    return [first, last];
  };

  const show = async () => {
    const mine = ++turn;
    limit();
    if (rows.length < LEAST) {
      place.hidden = true;
      place.replaceChildren();
      return;
    }
    const { people: guide } = option().dataset;
    const wanted = guide && !rows.includes(guide) ? [...rows, guide] : rows;
    const files = new Map(await Promise.all(wanted.map(async (id) => [id, await valuegauge.data(`${data.id}/compare/${id}`)])));
    if (mine !== turn) return; // a later choice came first
    const whole = (id) => ({ ...byId(id), scores: files.get(id).scores });
    const chosen = rows.map(whole);
    const people = wanted.length > rows.length ? whole(guide) : null;
    const figures = [];
    const parts = [];
    if (data.synthetic) parts.push(element("p", { className: "sample", role: "note" }, element("strong", {}, "Sample data."), " These numbers say nothing about real models or people."));
    const [first, ...last] = differences(chosen, files, figures);
    parts.push(first, ...profiles(chosen, people, figures), ...last);
    place.hidden = false;
    place.replaceChildren(...parts);
    redraw = () => figures.forEach((again) => again());
    redraw();
    place.dataset.of = rows.join(",");
  };

  const load = async () => {
    const tables = [...form.elements.table.options].map((one) => one.value);
    const wanted = address.get("table");
    const there = tables.includes(wanted);
    if (there) form.elements.table.value = wanted;
    const table = form.elements.table.value;
    const mine = ++turn;
    const arrived = await valuegauge.data(`${table}/rows`);
    if (mine !== turn) return;
    data = arrived;
    const known = new Set(data.rows.map((row) => row.id));
    const named = [...new Set((address.get("rows") || "").split(",").filter(Boolean))];
    const found = named.filter((id) => known.has(id));
    const absent = named.length - found.length;
    lost = "";
    if (wanted && !there) lost = ". The table in the address is not here, or has only one row";
    else if (absent) lost = `. ${absent === 1 ? "One row in the address is" : `${absent} rows in the address are`} not in this table`;
    asked = found.length;
    rows = found.slice(0, MOST);
    list();
    await show();
  };

  const written = () => {
    lost = "";
    address.set({ table: form.elements.table.value, rows: rows.join(",") });
  };

  let width = 0;
  new ResizeObserver(() => {
    if (place.clientWidth && place.clientWidth !== width) redraw();
    width = place.clientWidth;
  }).observe(place);

  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.find.addEventListener("input", list);
  form.elements.table.addEventListener("change", () => {
    rows = [];
    written();
    load();
  });
  choices.addEventListener("change", (event) => {
    const { value, checked } = event.target;
    rows = checked ? [...rows, value] : rows.filter((id) => id !== value);
    asked = rows.length;
    written();
    show();
  });
  address.onchange(load);
  if (form.elements.table.options.length) {
    form.hidden = false;
    load();
  }
})();
