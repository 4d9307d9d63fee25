// Applies the chosen theme before the page is drawn. Storage may be refused on file://.
(() => {
  "use strict";
  const KEY = "valuegauge-theme";
  const root = document.documentElement;
  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  root.classList.add("js");
  apply(read());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const next = { system: "light", light: "dark", dark: "system" };
    const told = () => root.dataset.theme || "system";
    const show = () => (button.textContent = `Theme: ${told()}`);
    show();
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = next[told()];
      apply(theme);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // The choice then lasts for this page.
      }
      show();
      document.dispatchEvent(new Event("valuegauge:theme"));
    });
  });
})();
