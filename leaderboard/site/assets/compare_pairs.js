// The differences of the rows chosen on the compare page: read, corrected together, in words.
"use strict";
(() => {
  const SCOPES = { on: "on these items", beyond: "beyond these items" };
  const FIRST = { on: 1, beyond: 5 }; // where a scope's numbers begin in the list of a difference

  /** The numbers of a pair, score by score, the first row less the second. */
  const between = (files, a, b) => {
    const own = files.get(a).pairs[b];
    if (own) return own;
    const turned = Object.entries(files.get(b).pairs[a] || {});
    return Object.fromEntries(turned.map(([score, [value, ...tests]]) => [score, [value === null ? null : -value + 0, ...tests]]));
  };

  /** The ends of an interval around a value; null without one. */
  const ends = (value, half) => (half === null ? { low: null, high: null } : { low: Number((value - half).toPrecision(6)), high: Number((value + half).toPrecision(6)) });

  /**
   * Each two of the rows with their differences, in the order chosen; `differences` are of one score
   * each, `on` and `beyond` its tests. Holm's correction is over all of them, scores that are
   * corrected apart among themselves.
   */
  valuegauge.pairsOf = (data, files, rows, apart) => {
    const pairs = rows.flatMap((a, index) =>
      rows.slice(index + 1).map((b) => {
        const found = between(files, a.id, b.id);
        const differences = data.scores.flatMap((score, at) => {
          const numbers = found[at];
          if (!numbers || numbers[0] === null) return [];
          const tests = Object.keys(SCOPES).map((scope) => {
            const [half, p, detectable, equivalent] = numbers.slice(FIRST[scope], FIRST[scope] + 4);
            return [scope, { ...ends(numbers[0], half), p, detectable, equivalent: Boolean(equivalent) }];
          });
          return [{ score, value: numbers[0], apart: apart.has(score), ...Object.fromEntries(tests) }];
        });
        return { a, b, differences };
      }),
    );
    const all = pairs.flatMap((pair) => pair.differences);
    for (const scope of Object.keys(SCOPES)) {
      for (const group of [all.filter((one) => one.apart), all.filter((one) => !one.apart)]) {
        const corrected = valuegauge.holm(group.map((one) => one[scope].p));
        group.forEach((one, index) => {
          one[scope].corrected = corrected[index];
          one[scope].state = valuegauge.stateOf(corrected[index], one[scope].equivalent);
        });
      }
    }
    return pairs;
  };

  const listed = (scores) => (scores.length ? ` (${scores.map((one) => one.score.replaceAll("_", " ")).join(", ")})` : "");

  /** The scores that a sentence counts: not those that are corrected apart, where there are others. */
  const counted = (differences) => {
    const together = differences.filter((one) => !one.apart);
    return together.length ? together : differences;
  };

  /** A pair in one sentence. */
  valuegauge.pairSentence = ({ a, b, differences: every }) => {
    const differences = counted(every);
    const inScope = (scope, state) => differences.filter((one) => one[scope].state === state);
    const part = (scope) => {
      const tested = differences.filter((one) => one[scope].state !== "untested");
      if (!tested.length) return `${SCOPES[scope]} nothing could be tested`;
      const differ = inScope(scope, "differs");
      const same = inScope(scope, "equivalent").length;
      const equal = same ? `, ${same} ${same === 1 ? "is" : "are"} equivalent` : "";
      return `${SCOPES[scope]} they differ on ${differ.length} of ${tested.length} scores${listed(differ)}${equal}`;
    };
    const others = every.filter((one) => !differences.includes(one));
    const count = (scope) => others.filter((one) => one[scope].state === "differs").length;
    const apart = others.length ? ` Of ${others.length} scores corrected apart they differ on ${count("on")} and ${count("beyond")}.` : "";
    return `${a.name} and ${b.name}: ${part("on")}; ${part("beyond")}.${apart}`;
  };

  /** A pair in a few words, for the line that unfolds it. */
  valuegauge.pairSummary = ({ a, b, differences: every }) => {
    const differences = counted(every);
    const differ = (scope) => differences.filter((one) => one[scope].state === "differs").length;
    return `${a.name} and ${b.name}: differ on ${differ("on")} of ${differences.length} scores on these items, on ${differ("beyond")} beyond them`;
  };

  /** All pairs in one sentence. */
  valuegauge.pairsSentence = (pairs) => {
    const differ = (scope) => pairs.filter((pair) => counted(pair.differences).some((one) => one[scope].state === "differs")).length;
    return `Of ${pairs.length} pairs ${differ("on")} differ on some score on these items, ${differ("beyond")} beyond them.`;
  };
})();
