// Text for LaTeX, escaped as ratings/output/latex.py has it; minus signs and dashes are set as such.
"use strict";
(() => {
  const COMMANDS = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", '"': "\\textquotedbl{}", "'": "\\textquotesingle{}", "`": "\\textasciigrave{}", "[": "{[}", "]": "{]}", "*": "{*}", "−": "$-$" };
  /** Whether a sign is an accented Latin letter, or one of those without a plain one. */
  const latin = (one) => /[ßÆæØøŒœŁł]/.test(one) || (/[\u00c0-\u017f]/.test(one) && /^[@-\x7f][\u0300-\u03ff]/.test(one.normalize("NFD")));
  const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/; // Python's, not \s
  const sign = (one) => {
    if (COMMANDS[one]) return COMMANDS[one];
    if (/[&%$#_{}]/.test(one)) return `\\${one}`;
    return /[\x20-\x7e]/.test(one) || latin(one) ? one : `\\texttt{U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}}`;
  };
  /** Text as LaTeX prints it; nothing in it becomes a command. As ratings/output/latex.py has it. */
  valuegauge.escapedLatex = (text) => [...String(text).split(SPACES).filter(Boolean).join(" ")].map(sign).join("").replace(/([-,])(?=\1)/g, "$1{}");

  /** A row of a tabular. */
  valuegauge.latexRow = (cells) => `${cells.map((one) => valuegauge.escapedLatex(one).replaceAll("\\texttt{U+2013}", "--")).join(" & ")} \\\\`;
})();
