// What a view shows is in the part of the address after #, so that a link or a reload shows the same.
"use strict";
valuegauge.address = (() => {
  const changed = new Set();
  const left = new Set();
  const text = () => (location.hash.includes("=") ? location.hash.slice(1) : "");
  const read = () => new URLSearchParams(text());
  let last = text();

  /** The value of a key, or what it is without one. */
  const get = (key, otherwise = null) => read().get(key) ?? otherwise;

  /** Sets keys; null, undefined and "" take one out. The page is not moved and no history is made. */
  const set = (changes) => {
    const parts = read();
    const before = parts.get("table");
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") parts.delete(key);
      else parts.set(key, value);
    }
    last = parts.toString();
    history.replaceState(null, "", last ? `#${last}` : location.pathname + location.search);
    if (before !== null && parts.get("table") !== before) left.forEach((act) => act(before));
  };

  /** The keys that are set. */
  const keys = () => [...read().keys()];

  addEventListener("hashchange", () => {
    // a link within the page moves it, and the view stays
    if (last && location.hash.length > 1 && !text()) return history.replaceState(null, "", `#${last}`);
    last = text();
    changed.forEach((act) => act());
  });
  /** Calls `act` when the reader follows a link or edits the address. */
  const onchange = (act) => changed.add(act);
  /** Calls `act` with the id of a table that the address no longer names, as another's view was set. */
  const onleave = (act) => left.add(act);
  return { get, set, keys, onchange, onleave };
})();
