// The tables of the compare page, the same numbers as CSV, and rows for LaTeX.
"use strict";
(() => {
  const { element, number, interval, pValue } = valuegauge;
  const label = (name) => name.replaceAll("_", " ");

  const headed = (caption, heads) => {
    const table = element("table", {}, element("caption", {}, caption));
    const row = element("tr");
    heads.forEach((head, index) => row.append(element("th", { scope: "col", className: index && head !== "state" ? "n" : "" }, head)));
    table.append(element("thead", {}, row), element("tbody"));
    return table;
  };

  const scrolled = (table, name) => {
    const box = element("div", { className: "scroller", role: "region", tabIndex: 0 }, table);
    box.setAttribute("aria-label", name);
    return box;
  };

  const missing = (why) => element("span", { className: "none", title: why }, "–", element("span", { className: "vh" }, ` ${why}`));
  const cell = (text, why = "not defined for these rows") => element("td", { className: "n" }, text === "–" ? missing(why) : text);

  const rankText = ([, , , , , rank, low, high]) => {
    if (rank === null) return "not ranked";
    return low === null ? `rank ${rank}` : `rank ${rank} (${low}–${high})`;
  };

  /** Scores of the chosen rows, one line a score. */
  valuegauge.scoreTable = (data, group, rows) => {
    const heads = ["Score", ...rows.map((row) => element("a", { className: "name", href: row.page }, element("bdi", {}, row.name)))];
    const table = headed(`${group.title}, in ${group.unit}: value, 95% intervals beyond these items and on them, rank.`, heads);
    group.scores.forEach((name, index) => {
      const at = data.scores.indexOf(name);
      const line = element("tr", {}, element("th", { scope: "row" }, group.labels[index]));
      for (const row of rows) {
        const found = row.scores[at];
        if (!found) line.append(element("td", { className: "n" }, missing("not scored in this row")));
        else {
          const [value, low, high, onLow, onHigh] = found;
          const small = (words) => element("div", { className: "range" }, words);
          line.append(element("td", { className: "n" }, number(value), small(interval(low, high)), small(onLow === null ? "" : `on these ${interval(onLow, onHigh)}`), small(rankText(found))));
        }
      }
      table.tBodies[0].append(line);
    });
    return scrolled(table, `${group.title} of the chosen rows`);
  };

  const STATES = { differs: "differ", equivalent: "equivalent", undecided: "undecided", untested: "–" };

  /** The differences of two rows, one line a score. */
  valuegauge.pairTable = (pair, tested) => {
    const scope = (words) => [`${words}: 95% interval`, "p (Holm)", "state", "could detect (whole table)"];
    const table = headed(
      `${pair.a.name} less ${pair.b.name}, on what both answered. p-values have Holm's correction over the ${tested} differences shown. A true difference as large as “could detect” would have been found in 80% of cases with the correction of the whole table.`,
      ["Score", "Difference", ...scope("On these items"), ...scope("Beyond these items")],
    );
    for (const one of pair.differences) {
      const line = element("tr", {}, element("th", { scope: "row" }, label(one.score)), cell(number(one.value)));
      for (const test of [one.on, one.beyond]) {
        line.append(cell(interval(test.low, test.high)), cell(pValue(test.corrected)), element("td", { className: `state-${test.state}` }, STATES[test.state] === "–" ? missing("not tested") : STATES[test.state]), cell(number(test.detectable)));
      }
      table.tBodies[0].append(line);
    }
    return scrolled(table, `Differences of ${pair.a.name} and ${pair.b.name}`);
  };

  /** The differences as lines of a CSV file. */
  valuegauge.pairLines = (data, pairs) => {
    const ends = ["low", "high", "p", "p (Holm)", "detectable", "state"];
    const heads = ["data", "a", "b", "score", "a less b", ...["on", "beyond"].flatMap((scope) => ends.map((end) => `${scope} these items: ${end}`))];
    const kind = data.synthetic ? "synthetic sample" : "real";
    const numbers = ({ low, high, p, corrected, detectable, state }) => [low, high, p, corrected, detectable, state];
    const lines = pairs.flatMap(({ a, b, differences }) => differences.map((one) => [kind, a.name, b.name, one.score, one.value, ...numbers(one.on), ...numbers(one.beyond)]));
    return [heads, ...lines];
  };

  /** Rows of a tabular: the pair, score, difference, and in each scope interval, p and state. */
  valuegauge.latexRows = (pairs) =>
    pairs.flatMap(({ a, b, differences }) => differences.map((one) => {
      const cells = [`${a.name} less ${b.name}`, label(one.score), number(one.value)];
      for (const test of [one.on, one.beyond]) cells.push(interval(test.low, test.high), pValue(test.corrected), STATES[test.state]);
      return valuegauge.latexRow(cells);
    })).join("\n");
})();
