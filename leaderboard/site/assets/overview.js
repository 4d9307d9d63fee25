// What a reader chooses to see of each table of the front page: rows, scores, scope, order, the row that
// stands out. It is kept in the address; strips, map and table follow it.
"use strict";
(() => {
  const { address, element } = valuegauge;
  const MOST_PICKED = 5;
  const CHUNK = 50;
  const UP = "ascending";
  const DOWN = "descending";

  const start = (section) => {
    const id = section.id;
    const form = section.querySelector("form.view");
    const table = section.querySelector("table.ranking");
    const body = table.tBodies[0];
    const more = section.querySelector(".more");
    const tools = section.querySelector(".table-tools");
    const said = section.querySelector(".lit-said");
    const strips = valuegauge.strips(section);
    const fold = form.querySelector(".fold");
    const paper = section.querySelector(".strips ~ .paper");
    const boxes = (name) => [...form.querySelectorAll(`[name=${name}]`)];
    const ticked = (name) => boxes(name).filter((one) => one.checked).map((one) => one.value).join();
    // What a view is without anything in the address; `sort` is then the first score that is shown.
    const DEFAULT = {
      rows: "", scores: "", scope: "beyond", kinds: boxes("kind").filter((one) => one.defaultChecked).map((one) => one.value).join(),
      find: "", maker: "", weights: "", size: "", released: "", sort: "", dir: "", lit: "", wording: "",
      columns: boxes("column").filter((one) => one.defaultChecked).map((one) => one.value).join(),
    };
    const FILTERS = ["rows", "kinds", "find", "maker", "weights", "size", "released"];
    const FIELDS = ["find", "lit", "scores", "maker", "weights", "size", "released"];
    const headline = [...section.querySelectorAll("[data-headline] .strip")].map((one) => one.dataset.score);
    const picked = new Set();
    let state = { ...DEFAULT };
    let view = null; // what is shown, with its numbers
    let limit = CHUNK;
    let turn = 0;
    let made = false; // whether the lines of the table are the script's
    let latest = null; // the drawing of the view that was asked for last

    // ---- the view that a state asks for

    const scoresOf = (data) => {
      const all = data.groups.flatMap((group) =>
        group.scores.map((name, index) => ({
          name, index, label: group.labels[index], group: group.key, family: group.family,
          unit: group.unit, direction: group.directions[index], range: group.range,
        })),
      );
      const order = new Map(data.scores.map((name, index) => [name, index]));
      all.sort((a, b) => order.get(a.name) - order.get(b.name));
      const wanted = state.scores;
      const found = all.filter((one) => one.family === wanted);
      if (found.length) return found;
      const alone = all.filter((one) => one.name === wanted);
      return alone.length ? alone : all.filter((one) => headline.includes(one.name));
    };

    /** The rows of the view. People are what models are compared with: a filter of models leaves them. */
    const rowsOf = (data) => {
      const pass = passes(data);
      const through = data.rows.map(pass);
      const people = state.rows ? () => false : ({ kind }) => kind === "human" && state.kinds.split(",").includes(kind);
      if (!data.rows.some((row, index) => through[index])) return [];
      return data.rows.flatMap((row, index) => (through[index] || people(row) ? [index] : []));
    };

    const passes = (data) => {
      if (state.rows) {
        const wanted = new Set(state.rows.split(","));
        return (row) => wanted.has(row.id);
      }
      const kinds = new Set(state.kinds.split(","));
      const text = state.find.trim().toLowerCase();
      const weights = { open: true, closed: false, unknown: null };
      return ({ kind, name, about }) =>
        (!boxes("kind").length || kinds.has(kind)) &&
        name.toLowerCase().includes(text) &&
        (!state.maker || about.maker === state.maker) &&
        (!state.weights || about.open_weights === weights[state.weights]) &&
        (!state.released || (about.released !== null && about.released >= state.released)) &&
        (!state.size || (about.size !== null && about.size <= Number(state.size)));
    };

    const firstDirection = (column) => (column && column.direction !== "lower" ? DOWN : UP);

    const load = async () => {
      const data = await valuegauge.data(`${id}/rows`);
      const columns = scoresOf(data);
      const numbers = {};
      for (const key of new Set(columns.map((one) => one.group))) numbers[key] = await valuegauge.data(`${id}/${key}`);
      const known = valuegauge.ranking.isFact(state.sort) || columns.some((one) => one.name === state.sort);
      const sort = known && state.sort ? state.sort : columns[0].name;
      const by = columns.find((one) => one.name === sort) || null;
      const dir = [UP, DOWN].includes(state.dir) ? state.dir : firstDirection(by);
      const rows = rowsOf(data);
      const value = (index) => (by ? (numbers[by.group][index][by.index]?.[0] ?? null) : valuegauge.ranking.fact(data.rows[index], sort));
      const { compare } = new Intl.Collator(undefined, { numeric: true });
      const sign = dir === UP ? 1 : -1;
      const keyed = rows.map((index) => [value(index), index]);
      keyed.sort(([a, i], [b, j]) => {
        const names = compare(data.rows[i].name, data.rows[j].name);
        if (a === null || b === null) return (a === null) - (b === null) || names;
        return sign * (typeof a === "number" ? a - b : compare(a, b)) || names;
      });
      const lit = data.rows.findIndex((row) => row.id === state.lit);
      return {
        data, numbers, columns, sort, by, dir, picked, rows: keyed.map(([, index]) => index),
        scope: state.scope === "on" ? "on" : "beyond", lit: lit < 0 ? null : lit, wording: data.variants.indexOf(state.wording),
        facts: state.columns.split(",").filter((key) => key && key !== "name" && valuegauge.ranking.isFact(key)),
      };
    };

    // ---- showing it

    /** Whether the page has the lines already: they are not replaced under the pointer. */
    const inPage = () =>
      !made && JSON.stringify(state) === JSON.stringify(DEFAULT) && [...body.rows].every((one, k) => one.dataset.row === view.data.rows[view.rows[k]]?.id);

    /** How many rows there are, and how many more there would be without filters. */
    const counted = (shown, of) => {
      const out = Number(section.dataset.count) - of;
      return `${shown < of ? `${shown} of ` : ""}${of} row${of === 1 ? "" : "s"}${out ? `; the filters hide ${out} more` : ""}`;
    };

    const lines = () => {
      if (inPage()) return;
      made = true;
      table.tHead.replaceChildren(valuegauge.ranking.head(view));
      body.replaceChildren(...view.rows.slice(0, limit).map((index) => valuegauge.ranking.line(view, index)));
      table.style.setProperty("--scores", view.columns.length);
      table.style.setProperty("--facts", view.facts.length);
      fit();
      more.hidden = view.rows.length <= limit;
      section.querySelector(".rest")?.remove();
      const unknown = state.maker || state.size || state.released ? "; rows of which this is not known are left out" : "";
      const wording = view.wording < 0 ? "" : "; the numbers are over all wordings";
      tools.querySelector("output").textContent = counted(Math.min(limit, view.rows.length), view.rows.length) + unknown + wording;
      choose();
    };

    /** A table that is wider than the page scrolls in its own box. */
    const fit = () => {
      const box = table.parentElement;
      box.classList.toggle("wide", table.offsetWidth > box.clientWidth);
    };

    const draw = async () => {
      const mine = ++turn;
      const asked = await load();
      if (mine !== turn) return;
      view = asked;
      section.dataset.scope = view.scope;
      section.classList.toggle("empty", !view.rows.length);
      lines();
      options();
      fields();
      strips.draw(view);
      say(view.lit);
      const changed = (keys) => keys.some((key) => state[key] !== DEFAULT[key]);
      const own = changed([...FILTERS, "scores", "scope", "wording"]);
      paper.view = own || changed(["sort", "dir", "lit"]) ? valuegauge.viewPaper(view, own) : null;
      const detail = {
        rows: view.rows.map((index) => view.data.rows[index].id), scope: view.scope, scores: view.columns.map((one) => one.name),
        tests: view.columns.map((one) => view.data.scores.indexOf(one.name)).sort((a, b) => a - b),
        lit: view.lit === null ? null : state.lit, wording: state.wording, from: "overview",
      };
      section.dispatchEvent(new CustomEvent("valuegauge:view", { detail }));
    };

    const render = () => (latest = draw());
    /** Waits until there is a view: the one asked for last. */
    const ready = async () => {
      while (!view) await (latest ?? render());
    };

    /** The controls say what is shown, also when it came from the address. */
    const fields = () => {
      for (const name of FIELDS) if (form.elements[name] && form.elements[name].value !== state[name]) form.elements[name].value = state[name];
      const kinds = state.kinds.split(",");
      for (const one of boxes("kind")) one.checked = kinds.includes(one.value);
      const columns = state.columns.split(",");
      for (const one of boxes("column")) one.checked = columns.includes(one.value);
      for (const one of form.querySelectorAll("[data-key]")) one.checked = one.value === state[one.dataset.key];
      const [scope, wording] = ["scope", "wording"].map((key) => form.querySelector(`[data-key=${key}]:checked`)?.parentElement.textContent);
      form.querySelector(".chosen").textContent = [
        form.elements.scores.selectedOptions[0]?.textContent, scope,
        wording && (state.wording ? `wording ${wording}` : "all wordings"),
        FILTERS.some((key) => state[key] !== DEFAULT[key]) && "filtered",
      ].filter(Boolean).join(", ");
    };

    /** Every row that is shown can be emphasised. */
    const options = () => {
      const chosen = form.elements.lit;
      const ids = new Set([...chosen.options].map((one) => one.value));
      for (const index of view.rows) {
        const { id: row, name } = view.data.rows[index];
        if (!ids.has(row)) chosen.append(element("option", { value: row }, name));
      }
    };

    /** Takes over changes: into the address, then into the page. */
    const change = (changes) => {
      Object.assign(state, changes);
      limit = CHUNK;
      const kept = Object.fromEntries(Object.entries(state).map(([key, value]) => [key, value === DEFAULT[key] ? null : value]));
      const other = address.get("table") !== id;
      const changed = Object.values(kept).some((value) => value !== null) || (!other && address.get("map"));
      address.set({ ...kept, ...(other ? { map: null } : {}), table: changed ? id : null });
      return render();
    };

    // ---- the row that stands out

    const say = (index) => {
      body.querySelector("tr.lit")?.classList.remove("lit");
      said.replaceChildren();
      if (index === null) return;
      const row = view.data.rows[index];
      [...body.rows].find((one) => one.dataset.row === row.id)?.classList.add("lit");
      const numbers = view.columns.flatMap((one) => {
        const found = view.numbers[one.group][index][one.index];
        const ends = view.scope === "on" ? [3, 4] : [1, 2];
        if (!found || found[0] === null) return [];
        if (view.wording < 0) return [`${one.label} ${valuegauge.number(found[0])} (${valuegauge.interval(found[ends[0]], found[ends[1]])})`];
        return [`${one.label} ${valuegauge.number(row.kind === "human" ? found[0] : found[9]?.[view.wording])}`];
      });
      const { name, finding } = row;
      const rest = finding?.startsWith(name) ? finding.slice(name.length) : finding ? ` ${finding}` : "";
      said.append(element("a", { href: row.page }, element("bdi", {}, name)), rest, element("span", { className: "vh" }, ` ${numbers.join(", ")}.`));
    };

    const light = (row) => {
      const index = view.data.rows.findIndex((one) => one.id === row);
      strips.light(index < 0 ? null : index);
      say(index < 0 ? null : index);
    };
    const dispatch = (row, keep) => section.dispatchEvent(new CustomEvent("valuegauge:light", { detail: { row, keep } }));

    section.addEventListener("valuegauge:light", async ({ detail }) => {
      await ready();
      if (detail.keep === false) return light(detail.row);
      await change({ lit: detail.row === state.lit ? "" : detail.row || "" });
    });

    let under = null;
    const hover = async (row) => {
      if (row === under) return;
      under = row;
      await ready(); // what is drawn first would take the light away again
      if (row === under) dispatch(row ?? (state.lit || null), false);
    };
    const rowAt = (event) => {
      const index = strips.nearest(event);
      return index === null ? null : view.data.rows[index].id;
    };
    strips.figure.addEventListener("pointerenter", ready);
    strips.figure.addEventListener("pointermove", (event) => view && hover(rowAt(event)));
    strips.figure.addEventListener("pointerleave", () => hover(null));
    strips.figure.addEventListener("click", async (event) => {
      await ready();
      const row = rowAt(event);
      if (row) dispatch(row, true);
    });
    body.addEventListener("pointerover", (event) => hover(event.target.closest("tr")?.dataset.row ?? null));
    body.addEventListener("pointerleave", () => hover(null));
    body.addEventListener("focusin", (event) => hover(event.target.closest("tr").dataset.row));
    body.addEventListener("focusout", () => hover(null));
    body.addEventListener("click", (event) => {
      const row = event.target.closest("tr")?.dataset.row;
      if (row && !event.target.closest("a, input, summary")) dispatch(row, true);
    });

    // ---- choosing rows to compare

    const choose = () => {
      const full = picked.size >= MOST_PICKED;
      for (const box of body.querySelectorAll(".pick")) {
        box.hidden = false;
        box.disabled = full && !box.checked;
      }
      const link = tools.querySelector(".compare");
      link.textContent = picked.size ? `Compare ${picked.size}` : "Compare";
      const parts = { table: id, rows: [...picked].join(), scope: state.scope === "on" ? "on" : "", scores: state.scores };
      const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
      link.href = `compare.html#${query.toString().replaceAll("%2C", ",")}`;
    };
    body.addEventListener("change", (event) => {
      if (!event.target.matches(".pick")) return;
      if (event.target.checked) picked.add(event.target.value);
      else picked.delete(event.target.value);
      choose();
    });

    // ---- controls

    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.find.addEventListener("input", () => change({ find: form.elements.find.value, rows: "" }));
    form.addEventListener("change", ({ target }) => {
      if (target.dataset.key) return change({ [target.dataset.key]: target.value });
      if (target.name === "kind") return change({ kinds: ticked("kind"), rows: "" });
      if (target.name === "column") return change({ columns: ticked("column") });
      if (target.name === "scores") return change({ scores: target.value, sort: "", dir: "" });
      if (target.name === "lit") return change({ lit: target.value });
      if (target.name !== "find") return change({ [target.name]: target.value, rows: "" });
    });
    const reset = () => change({ ...DEFAULT });
    form.elements.defaults.addEventListener("click", reset);
    const none = (...more) => element("p", { className: "none" }, "No row passes these filters.", ...more);
    strips.figure.before(none(" ", element("button", { type: "button", textContent: "Reset", onclick: async () => {
      await reset();
      form.elements.find.focus({ preventScroll: true });
    } })));
    table.parentElement.before(none());
    const fill = () => form.elements.lit.options.length < 2 && ready();
    form.elements.lit.addEventListener("focus", fill);
    form.elements.lit.addEventListener("pointerdown", fill);
    table.tHead.addEventListener("click", async (event) => {
      const key = event.target.closest("button")?.dataset.sort;
      if (!key) return;
      await ready();
      const first = firstDirection(view.columns.find((one) => one.name === key));
      const dir = key === view.sort && view.dir === first ? (first === UP ? DOWN : UP) : first;
      const plain = key === view.columns[0].name ? "" : key;
      await change({ sort: plain, dir: dir === first ? "" : dir });
      [...table.tHead.querySelectorAll("button")].find((one) => one.dataset.sort === key)?.focus();
    });
    more.addEventListener("click", async () => {
      await ready();
      limit += CHUNK;
      made = true;
      lines();
    });
    // the map has a switch of the scope too
    section.addEventListener("valuegauge:view", ({ detail }) => {
      if (detail.from !== "overview" && section.dataset.scope !== state.scope) change({ scope: section.dataset.scope });
    });

    /** The view that the address names; what it does not name is as at first. */
    const follow = async () => {
      const mine = address.get("table") === id;
      const wanted = { ...DEFAULT };
      if (mine) for (const key of Object.keys(DEFAULT)) wanted[key] = address.get(key, DEFAULT[key]);
      if (JSON.stringify(wanted) !== JSON.stringify(state)) {
        state = wanted;
        limit = CHUNK;
        await render();
      }
      if (!mine) return;
      for (let one = section.parentElement; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
      section.scrollIntoView({ behavior: "instant" });
    };

    const phone = matchMedia("(max-width: 40rem)");
    const folded = () => (fold.open = !phone.matches);
    phone.addEventListener("change", folded);
    folded();
    addEventListener("resize", fit);
    fit();
    form.hidden = tools.hidden = false;
    tools.querySelector("output").textContent = counted(body.rows.length, Number(section.dataset.shown));
    more.hidden = !section.querySelector(".rest");
    form.reset();
    choose();
    if (strips.figure.classList.contains("later")) {
      const near = new IntersectionObserver((seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        near.disconnect();
        ready();
      }, { rootMargin: "300px" });
      near.observe(strips.figure);
    }
    address.onchange(follow);
    address.onleave((table) => table === id && follow());
    follow();
  };

  document.querySelectorAll("section.board").forEach(start);
})();
