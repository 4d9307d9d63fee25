// What the other scripts share: data that arrives in scripts, text, numbers, files to save.
"use strict";
const valuegauge = (() => {
  const arrived = new Map();
  const waiting = new Map();
  const scripts = new Map();

  /** A data script calls this: file:// may not fetch, but it may load a script. */
  const take = (name, data) => {
    arrived.set(name, data);
    (waiting.get(name) || []).forEach((give) => give(data));
    waiting.delete(name);
  };

  const script = (path) => {
    if (!scripts.has(path)) {
      scripts.set(
        path,
        new Promise((done, failed) => {
          const element = document.createElement("script");
          element.src = document.body.dataset.root + path;
          element.onload = done;
          element.onerror = () => failed(new Error(`cannot load ${path}`));
          document.head.append(element);
        }),
      );
    }
    return scripts.get(path);
  };

  /** Data by name; its script is loaded when the page has not done so. */
  const data = async (name) => {
    if (arrived.has(name)) return arrived.get(name);
    const there = document.querySelector(`script[src$="data/${name}.js"]`);
    const given = new Promise((give) => waiting.set(name, [...(waiting.get(name) || []), give]));
    if (!there) await script(`data/${name}.js`);
    return arrived.has(name) ? arrived.get(name) : given;
  };

  const number = (value, places = 2) => {
    if (value === null || value === undefined) return "–";
    const text = (Math.round(value * 10 ** places) / 10 ** places + 0).toFixed(places);
    return text.replace("-", "−");
  };
  const interval = (low, high) =>
    low === null || high === null ? "–" : `${number(low)} to ${number(high)}`;
  const pValue = (value) => {
    if (value === null || value === undefined) return "–";
    return value < 0.001 ? "<0.001" : value.toFixed(3);
  };

  /** CSV that a spreadsheet takes for data, as ratings/output/csv_text.py has it: text that looks like a
      formula gets an apostrophe, numbers as text keep their sign. */
  const csv = (rows) => {
    const cell = (one) => {
      if (one === null || one === undefined) return "";
      if (typeof one === "number") return String(one);
      const formula = /^[=+\-@\t\r\n＝＋－＠]/.test(one) && !/^[+-](\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?$/.test(one);
      const text = formula ? `'${one}` : one;
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
  };

  const save = (name, href) => {
    const link = document.createElement("a");
    link.href = href;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  };
  const saveText = (name, text, type) => {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    save(name, address);
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  const fileName = (title) =>
    title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "figure";

  /** An element with text; text is never read as HTML. */
  const element = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made && key !== "list") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  return { take, data, number, interval, pValue, csv, save, saveText, fileName, element };
})();
