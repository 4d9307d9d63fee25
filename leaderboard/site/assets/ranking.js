// Rows and headings of a table of the front page, made from its data; templates/_ranking.html makes the
// same of the rows that are in the page first.
"use strict";
valuegauge.ranking = (() => {
  const [VALUE, LOW, HIGH, ON_LOW, ON_HIGH, RANK, RANK_LOW, RANK_HIGH, PRINTED, , , DIFFERS, NOTE] = Array(13).keys();
  const { element, number, interval } = valuegauge;
  const FACTS = {
    maker: ["Maker", (row) => row.about.maker],
    released: ["Released", (row) => row.about.released],
    size: ["Size", (row) => row.about.size && `${number(row.about.size, 1).replace(/\.0$/, "")} B`],
    weights: ["Weights", (row) => (row.about.open_weights === null ? null : row.about.open_weights ? "open" : "closed")],
    valid: ["Valid", (row) => percent(row.valid), "not reported"],
    verdict: ["Reliability", (row) => row.verdict?.verdict, "no verdict: answers by prompt variant are needed"],
    cost: ["Cost", (row) => money(row.cost), "price not known"],
  };
  const KINDS = { recording: "recording", published: "as published", simulated: "simulated", baseline: "baseline", human: "people" };

  const percent = (share) => {
    if (share === null) return null;
    if (share === 0 || share === 1) return `${100 * share}%`;
    if (share > 0.9995) return ">99.9%";
    return share < 0.0005 ? "<0.1%" : `${(100 * share).toFixed(1)}%`;
  };
  const money = (dollars) => {
    if (dollars === null) return null;
    if (dollars > 0 && dollars < 0.005) return "<$0.01";
    return `$${dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  };
  const hidden = (text) => element("span", { className: "vh" }, text);
  const missing = (reason) => element("span", { className: "none", title: reason }, "–", hidden(` ${reason}`));

  const cell = (view, row, column) => {
    const numbers = view.numbers[column.group][row][column.index];
    const by = column.name === view.sort ? " by-this" : "";
    if (!numbers || numbers[VALUE] === null) {
      return element("td", { className: `n s${by}` }, missing(numbers?.[NOTE] || "not scored in this row"));
    }
    const [low, high] = view.scope === "on" ? [numbers[ON_LOW], numbers[ON_HIGH]] : [numbers[LOW], numbers[HIGH]];
    const [from, to] = column.range;
    const at = (value) => (Math.round(1000 * Math.min(Math.max((value - from) / (to - from), 0), 1)) / 10).toFixed(1);
    const v = at(numbers[VALUE]);
    const [l, h] = low === null || high === null ? [v, v] : [at(low), at(high)];
    let style = `--v:${v};--l:${l};--h:${h}`;
    if (from < 0 && to > 0) style += `;--z:${at(0)}`;
    const printed = numbers[PRINTED] !== null;
    if (printed) style += `;--p:${at(numbers[PRINTED])}`;
    const made = element("td", { className: `n s${by} d${printed ? " p" : ""}` }, number(numbers[VALUE]));
    made.setAttribute("style", style);
    if (printed) made.title = numbers[NOTE];
    made.append(hidden(` (${interval(low, high)})${printed ? `; ${numbers[NOTE]}` : ""}`));
    return made;
  };

  const factCell = (row, key) => {
    const [, text, reason = "not known"] = FACTS[key];
    const found = text(row);
    if (!found) return element("td", { className: "f" }, missing(reason));
    if (key !== "verdict") return element("td", { className: "f" }, found);
    const said = element("span", { className: `verdict ${found}`, title: row.verdict.why }, found, hidden(`: ${row.verdict.why}`));
    return element("td", { className: "f" }, said);
  };

  const rankText = (numbers) => {
    if (!numbers || numbers[RANK] === null) return "–";
    return numbers[RANK_LOW] === null ? `${numbers[RANK]}` : `${numbers[RANK]} (${numbers[RANK_LOW]}–${numbers[RANK_HIGH]})`;
  };
  const differsText = (numbers, scope) => {
    const found = numbers?.[DIFFERS][scope === "on" ? 0 : 1];
    return found ? `${found[0]} of ${found[1]}` : "–";
  };

  /** A line of the table; `index` is the row's in the data. */
  const line = (view, index) => {
    const row = view.data.rows[index];
    const pick = element("input", { type: "checkbox", className: "pick", value: row.id });
    pick.setAttribute("aria-label", `Compare ${row.name}`);
    pick.checked = view.picked.has(row.id);
    const name = element("a", { className: "name", href: row.page }, element("bdi", {}, row.name));
    const named = element("span", { className: "named" }, name);
    const who = element("span", { className: "id" }, pick, named);
    if (row.kind !== "model") named.append(" ", element("span", { className: "tag" }, KINDS[row.kind]));
    const by = view.by && view.numbers[view.by.group][index][view.by.index];
    const made = element(
      "tr",
      { className: `kind-${row.kind}` },
      element("th", { scope: "row", className: "who" }, who),
      element("td", { className: "n rank" }, rankText(by)),
      element("td", { className: "n tie" }, differsText(by, view.scope)),
      ...view.columns.map((column) => cell(view, index, column)),
      ...view.facts.map((key) => factCell(row, key)),
    );
    made.dataset.row = row.id;
    return made;
  };

  const heading = (view, key, text, className, title) => {
    const button = element("button", { type: "button" }, text);
    button.dataset.sort = key;
    if (title) button.title = title;
    const made = element("th", { scope: "col", className }, button);
    if (key === view.sort) made.setAttribute("aria-sort", view.dir);
    return made;
  };

  const head = (view) =>
    element(
      "tr",
      {},
      heading(view, "name", "Name", "who"),
      element("th", { scope: "col", className: "n rank" }, "Rank"),
      element("th", { scope: "col", className: "n tie" }, "Differs from"),
      ...view.columns.map((one) =>
        heading(view, one.name, one.label, `n s${one.name === view.sort ? " by-this" : ""}`, one.unit + (one.direction === "none" ? "" : `; ${one.direction} is better`)),
      ),
      ...view.facts.map((key) => heading(view, key, FACTS[key][0], "f")),
    );

  /** What rows are sorted by when it is no score: a number, a text, or null. */
  const fact = (row, key) => (key === "name" ? row.name : { valid: row.valid, cost: row.cost, size: row.about.size }[key] ?? FACTS[key][1](row) ?? null);

  return { line, head, fact, isFact: (key) => key === "name" || key in FACTS };
})();
