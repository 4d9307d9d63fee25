// Shows one model's dot on every item; the address keeps which.
"use strict";
(() => {
  const form = document.querySelector("form.light");
  if (!form) return;
  const select = form.elements.lit;
  const links = [...document.querySelectorAll(".orders a:not([download]), main nav .contents a")];
  const bare = links.map((link) => link.getAttribute("href"));

  const { ratings: table } = form.dataset; // set where models have no dots
  let turn = 0;

  /** The dot of one model, drawn where all are bars; the figure holds where its axis is. */
  const drawn = (figure, row, name, value) => {
    const [low, high, left, right, cy] = figure.dataset.axis.split(" ").map(Number);
    const [dot, title] = ["circle", "title"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    const cx = left + ((value - low) / (high - low)) * (right - left);
    for (const [key, one] of Object.entries({ class: "dot", "data-row": row, cx: cx.toFixed(1), cy, r: 3.4 })) dot.setAttribute(key, one);
    title.textContent = `${name}: ${valuegauge.number(value)}`;
    dot.append(title);
    figure.append(dot);
  };

  const show = async () => {
    const row = select.value;
    const mine = ++turn;
    const ratings = table && row ? await valuegauge.data(`${table}/ratings/${row}`) : null;
    if (mine !== turn) return; // a later choice came first
    const name = row && select.selectedOptions[0].textContent;
    for (const item of document.querySelectorAll(".item")) {
      if (table) item.querySelectorAll(".dot").forEach((dot) => dot.remove());
      const figure = item.querySelector("svg[data-axis]");
      const value = ratings && ratings[Number(item.dataset.item)];
      if (figure && value !== null) drawn(figure, row, name, value);
      let lit = null;
      for (const dot of item.querySelectorAll(".dot")) {
        dot.classList.toggle("lit", dot.dataset.row === row);
        if (dot.dataset.row === row) lit = dot;
      }
      if (lit) lit.parentNode.append(lit); // on top of the others
      const said = lit ? lit.querySelector("title").textContent : row ? "no answer of this model" : "";
      item.querySelector(".its").textContent = said && ` · ${said}`;
    }
    links.forEach((link, k) => link.setAttribute("href", row ? `${bare[k]}#lit=${row}` : bare[k]));
  };

  const read = () => {
    const row = valuegauge.address.get("lit", "");
    select.value = [...select.options].some((one) => one.value === row) ? row : "";
    show();
  };
  select.addEventListener("change", () => {
    valuegauge.address.set({ lit: select.value });
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  valuegauge.address.onchange(read);
  form.hidden = false;
  read();
})();
