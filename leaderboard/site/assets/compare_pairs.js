// The differences of the rows chosen on the compare page: read, corrected together, in words.
"use strict";
(() => {
  const SCOPES = { on: "on these items", beyond: "beyond these items" };
  const floats = (Kind, text) => new Kind(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
  const orNull = (value) => (Number.isNaN(value) ? null : value);
  const short = (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(6))); // what 32 bits hold

  /**
   * By score the difference of two rows, the first less the second, and its tests; null where there
   * is none. site/pair_files.py `compared_rows` says how a row's file holds them.
   */
  const between = (files, a, b) => {
    const [own, other, sign] = files.get(a).others.includes(b) ? [a, b, 1] : [b, a, -1];
    const { others, numbers, p, equivalent, scores } = files.get(own);
    const position = others.indexOf(other);
    if (position < 0) return scores.map(() => null);
    const found = floats(Float32Array, numbers);
    const tested = floats(Float64Array, p);
    return scores.map((_, score) => {
      const k = position * scores.length + score;
      const value = sign * found[5 * k];
      if (Number.isNaN(value)) return null;
      const scope = (at) => {
        const [half, detectable] = found.subarray(5 * k + 1 + 2 * at, 5 * k + 3 + 2 * at);
        return {
          low: short(value - half),
          high: short(value + half),
          p: orNull(tested[2 * k + at]),
          detectable: short(detectable),
          equivalent: Boolean(Number(equivalent[k]) & (1 << at)),
        };
      };
      return { value: short(value), on: scope(0), beyond: scope(1) };
    });
  };

  /**
   * Each two of the rows with their differences, in the order chosen; `differences` are of one score
   * each, `on` and `beyond` its tests, `apart` the title of a group that is corrected apart. Holm's correction is over all of them, scores that are
   * corrected apart among themselves.
   */
  valuegauge.pairsOf = (data, files, rows, apart) => {
    const pairs = rows.flatMap((a, index) =>
      rows.slice(index + 1).map((b) => {
        const found = between(files, a.id, b.id);
        const title = (score) => data.groups.find((group) => group.scores.includes(score)).title;
        const differences = data.scores.flatMap((score, at) => (found[at] ? [{ score, apart: apart.has(score) && title(score), ...found[at] }] : []));
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

  /** What the scores that are corrected apart say of a pair, in one more sentence. */
  const separately = (differences) => {
    if (!differences.length) return "";
    const titles = [...new Set(differences.map((one) => `“${one.apart}”`))].join(" and ");
    const part = (scope) => {
      if (differences.every((one) => one[scope].state === "untested")) return `none could be tested ${SCOPES[scope]}`;
      const count = differences.filter((one) => one[scope].state === "differs").length;
      return `${count || "none"} differ${count < 2 ? "s" : ""} ${SCOPES[scope]}`;
    };
    return ` Of the ${differences.length} scores of ${titles}, tested separately, ${part("on")}, ${part("beyond")}.`;
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
      return `${SCOPES[scope]} they differ on ${differ.length || "none"} of ${tested.length} scores${listed(differ)}${equal}`;
    };
    return `${a.name} and ${b.name}: ${part("on")}; ${part("beyond")}.${separately(every.filter((one) => !differences.includes(one)))}`;
  };

  /** A pair in a few words, for the line that unfolds it. */
  valuegauge.pairSummary = ({ a, b, differences: every }) => {
    const differences = counted(every);
    const differ = (scope) => differences.filter((one) => one[scope].state === "differs").length;
    return `${a.name} and ${b.name}: differ on ${differ("on") || "none"} of ${differences.length} scores on these items, on ${differ("beyond") || "none"} beyond them`;
  };

  /** All pairs in one sentence. */
  valuegauge.pairsSentence = (pairs) => {
    const differ = (scope) => pairs.filter((pair) => counted(pair.differences).some((one) => one[scope].state === "differs")).length;
    return `Of ${pairs.length} pairs ${differ("on") || "none"} differ${differ("on") < 2 ? "s" : ""} on some score on these items, ${differ("beyond") || "none"} beyond them.`;
  };
})();
