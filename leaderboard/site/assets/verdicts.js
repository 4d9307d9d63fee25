// Which rows differ, corrected by Holm's method over the rows in view, as Python does for all.
"use strict";
(() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const LEVEL = 1 - 0.95; // the same number as scorers/comparison/differences.py has

  /** p-values corrected for their number by Holm's method; null stays and does not count. */
  const holm = (values) => {
    const order = values.map((p, index) => [p, index]).filter(([p]) => p !== null).sort((one, other) => one[0] - other[0]);
    const corrected = values.map(() => null);
    let reached = 0;
    order.forEach(([p, index], step) => {
      reached = Math.min(1, Math.max(reached, p * (order.length - step)));
      corrected[index] = reached;
    });
    return corrected;
  };

  /** What one test says: a significant difference is one, also where it is within the margin. */
  const stateOf = (corrected, equivalent) => {
    if (corrected === null) return "untested";
    if (corrected < LEVEL) return "differs";
    return equivalent ? "equivalent" : "undecided";
  };

  /** What several scores say together: one difference is enough, equivalence asks for all. */
  const together = (states) => {
    if (states.includes("differs")) return "differs";
    if (states.length && states.every((one) => one === "equivalent")) return "equivalent";
    return states.every((one) => one === "untested") ? "untested" : "undecided";
  };

  /** The tests of scores that are corrected together: for each with how many tests it is significant. */
  const unpack = ({ rows, scores, width, on, beyond }) => {
    const pairs = (rows.length * (rows.length - 1)) / 2;
    const scope = ({ tests, equivalent }) => {
      const survived = new Uint32Array(scores.length * pairs);
      for (let k = 0; k < survived.length; k++) {
        for (let place = 0; place < width; place++) survived[k] = survived[k] * 64 + VALUES.get(tests[k * width + place]);
      }
      return { survived, same: (k) => (VALUES.get(equivalent[Math.floor(k / 6)]) >> (k % 6)) & 1 };
    };
    const at = new Map(rows.map((row, index) => [row, index]));
    const line = new Map(scores.map((score, index) => [score, index]));
    /** Where the test of two rows on a score is; the order of the two does not matter. */
    const find = (score, one, other) => {
      const [a, b] = one < other ? [one, other] : [other, one];
      return line.get(score) * pairs + a * rows.length - (a * (a + 1)) / 2 + b - a - 1;
    };
    return { at, line, find, untested: 64 ** width - 1, on: scope(on), beyond: scope(beyond) };
  };

  /** The least number of tests that a p-value must survive to be significant among these. */
  const threshold = (survived) => {
    const sorted = Uint32Array.from(survived).sort().reverse();
    let least = Infinity;
    for (let step = 0; step < sorted.length && sorted[step] >= sorted.length - step; step++) least = sorted[step];
    return least;
  };

  /** The states of pairs among some rows, corrected over those rows. */
  const among = (parts, rows) => {
    const limits = new Map();
    const known = (part) => rows.filter((row) => part.at.has(row)).map((row) => part.at.get(row));
    const limit = (part, scope) => {
      const key = `${parts.indexOf(part)} ${scope}`;
      if (!limits.has(key)) {
        const positions = known(part);
        const { survived } = part[scope];
        const found = [];
        for (const score of part.line.keys()) {
          positions.forEach((a, i) => {
            for (let j = 0; j < i; j++) {
              const one = survived[part.find(score, a, positions[j])];
              if (one !== part.untested) found.push(one);
            }
          });
        }
        limits.set(key, threshold(found));
      }
      return limits.get(key);
    };

    /** The state of two rows on one score, by the index of the score in the table. */
    const state = (scope, score, a, b) => {
      const part = parts.find((one) => one.line.has(score));
      if (!part || !part.at.has(a) || !part.at.has(b) || a === b) return "untested";
      const k = part.find(score, part.at.get(a), part.at.get(b));
      const survived = part[scope].survived[k];
      if (survived === part.untested) return "untested";
      if (survived >= limit(part, scope)) return "differs";
      return part[scope].same(k) ? "equivalent" : "undecided";
    };

    /** The state of two rows over several scores. */
    const any = (scope, scores, a, b) => together(scores.map((score) => state(scope, score, a, b)));

    /** For each row from how many of the others it differs on any of the scores, of how many tested. */
    const counts = (scope, scores) =>
      new Map(
        rows.map((row) => {
          const states = rows.filter((other) => other !== row).map((other) => any(scope, scores, row, other));
          return [row, { number: states.filter((one) => one === "differs").length, of: states.filter((one) => one !== "untested").length }];
        }),
      );
    return { state, any, counts };
  };

  const made = new Map();

  /**
   * The tests of a table: `rows` that have any, and `among(rows)` with `state`, `any` and `counts`.
   * Scores that are corrected apart are loaded when `scores` has one of them.
   */
  valuegauge.verdicts = async (table, scores = []) => {
    const main = await valuegauge.data(`${table}/pairs-main`);
    const names = ["main"];
    if (scores.some((score) => main.apart.includes(score))) names.push("apart");
    const parts = [];
    for (const name of names) {
      const key = `${table}/pairs-${name}`;
      if (!made.has(key)) made.set(key, unpack(await valuegauge.data(key)));
      parts.push(made.get(key));
    }
    return { rows: main.rows, among: (rows) => among(parts, rows), counts: (rows, scope, of) => among(parts, rows).counts(scope, of) };
  };
  Object.assign(valuegauge, { holm, stateOf });
})();
