// Shows one model's dot on every item; the address keeps which.
"use strict";
(() => {
  const form = document.querySelector("form.light");
  if (!form) return;
  const select = form.elements.lit;
  const links = [...document.querySelectorAll(".orders a:not([download]), main nav .contents a")];
  const bare = links.map((link) => link.getAttribute("href"));

  const show = () => {
    const row = select.value;
    for (const item of document.querySelectorAll(".item")) {
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
