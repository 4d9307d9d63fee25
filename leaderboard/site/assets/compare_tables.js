// The tables of the compare page, from the data of a table of the board.
"use strict";
(() => {
  const { element, number, interval, pValue } = valuegauge;

  const headed = (caption, heads) => {
    const table = element("table", {}, element("caption", {}, caption));
    const row = element("tr");
    heads.forEach((head, place) => row.append(element("th", { scope: "col", className: place ? "n" : "" }, head)));
    table.append(element("thead", {}, row), element("tbody"));
    return table;
  };

  const scrolled = (table, label) => {
    const place = element("div", { className: "scroller", role: "region", tabIndex: 0 }, table);
    place.setAttribute("aria-label", label);
    return place;
  };

  const missing = (why) => element("span", { className: "none", title: why }, "–", element("span", { className: "vh" }, ` ${why}`));

  const named = (row, colour) => {
    const link = element("a", { className: "name", href: row.page }, element("bdi", {}, row.name));
    return element("span", {}, element("span", { className: "swatch", style: `background:${colour}` }), link);
  };

  const rankText = (score) => {
    if (score[3] === null || score[3] === undefined) return "not ranked";
    return score[4] === null ? `rank ${score[3]}` : `rank ${score[3]} (${score[4]}–${score[5]})`;
  };

  /** Scores of the chosen rows, one row of the table a score. */
  valuegauge.scoreTable = (data, group, rows, colours) => {
    const heads = ["Score", ...rows.map((row, place) => named(row, colours[place]))];
    if (data.people) heads.push(data.people.name);
    const table = headed(`${group.title}, in ${group.unit}: value, 95% intervals beyond these items and on them, rank.`, heads);
    group.scores.forEach((name, line) => {
      const place = data.scores.indexOf(name);
      const row = element("tr", {}, element("th", { scope: "row" }, group.labels[line]));
      for (const one of [...rows, ...(data.people ? [data.people] : [])]) {
        const score = one.scores[place];
        if (!score || score[0] === null) row.append(element("td", { className: "n" }, missing("not scored in this row")));
        else {
          const rank = element("span", { className: "range" }, one === data.people ? "" : rankText(score));
          const first = element("div", { className: "beside" }, rank, element("span", {}, number(score[0])));
          const on = score[7] === null || score[7] === undefined ? "" : `on these items ${interval(score[7], score[8])}`;
          row.append(element("td", { className: "n" }, first, element("div", { className: "range" }, interval(score[1], score[2])), element("div", { className: "range" }, on)));
        }
      }
      table.tBodies[0].append(row);
    });
    return scrolled(table, `${group.title} of the chosen rows`);
  };

  const between = (data, chosen, pair) => {
    const [a, b, score, ...numbers] = pair;
    const turned = chosen.indexOf(data.rows[a].id) > chosen.indexOf(data.rows[b].id);
    if (!turned) return { a, b, score, numbers };
    const [value, ...scopes] = numbers;
    const minus = (one) => (one === null ? null : -one);
    const turnedScope = ([low, high, p, detectable]) => [minus(high), minus(low), p, detectable];
    return { a: b, b: a, score, numbers: [minus(value), ...turnedScope(scopes.slice(0, 4)), ...turnedScope(scopes.slice(4))] };
  };

  /** p-values corrected for their number by Holm's method; null stays and does not count. */
  const holm = (values) => {
    const order = values.map((p, place) => [p, place]).filter(([p]) => p !== null).sort((one, other) => one[0] - other[0]);
    const corrected = values.map(() => null);
    let reached = 0;
    order.forEach(([p, place], step) => {
      reached = Math.min(1, Math.max(reached, p * (order.length - step)));
      corrected[place] = reached;
    });
    return corrected;
  };

  const verdict = (on, beyond) => {
    if (on === null && beyond === null) return missing("not tested");
    if (beyond !== null && beyond < 0.05) return element("b", {}, "beyond these items");
    return on !== null && on < 0.05 ? element("b", {}, "on these items") : "not shown";
  };

  /** Differences of the chosen rows, pair by pair; the row chosen first comes first. */
  valuegauge.pairTable = (data, pairs, rows, shownScores) => {
    const chosen = rows.map((row) => row.id);
    const found = pairs
      .filter(([a, b, score]) => chosen.includes(data.rows[a].id) && chosen.includes(data.rows[b].id) && shownScores.has(score))
      .map((pair) => between(data, chosen, pair))
      .sort((one, other) => one.score - other.score || chosen.indexOf(data.rows[one.a].id) - chosen.indexOf(data.rows[other.a].id));
    const [onCorrected, beyondCorrected] = [3, 7].map((at) => holm(found.map(({ numbers }) => numbers[at])));
    const table = headed(
      `Paired differences on what both rows answered: first less second, 95% intervals on these items and beyond them, p-values with Holm's correction over the ${found.length} differences shown, smallest difference that could be detected beyond these items.`,
      ["Score", "First", "Second", "Difference", "On these items", "p (Holm)", "Beyond these items", "p (Holm)", "Detectable", "Differs"],
    );
    found.forEach(({ a, b, score, numbers }, place) => {
      const [value, onLow, onHigh, , , low, high, , detectable] = numbers;
      const row = element("tr", {}, element("th", { scope: "row" }, data.scores[score].replaceAll("_", " ")));
      for (const one of [a, b]) row.append(element("td", {}, element("span", { className: "name" }, element("bdi", {}, data.rows[one].name))));
      for (const text of [number(value), interval(onLow, onHigh), pValue(onCorrected[place]), interval(low, high), pValue(beyondCorrected[place]), number(detectable)]) {
        row.append(element("td", { className: "n" }, text === "–" ? missing("not defined for these rows") : text));
      }
      row.append(element("td", {}, verdict(onCorrected[place], beyondCorrected[place])));
      table.tBodies[0].append(row);
    });
    return found.length ? scrolled(table, "Paired differences of the chosen rows") : null;
  };
})();
