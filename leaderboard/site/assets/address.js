// What a view shows is in the part of the address after #, so that a link or a reload shows the same.
"use strict";
valuegauge.address = (() => {
  const changed = new Set();
  const read = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  /** The value of a key, or what it is without one. */
  const get = (key, otherwise = null) => read().get(key) ?? otherwise;

  /** Sets keys; null, undefined and "" take one out. The page is not moved and no history is made. */
  const set = (changes) => {
    const parts = read();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") parts.delete(key);
      else parts.set(key, value);
    }
    const text = parts.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };

  /** The keys that are set. */
  const keys = () => [...read().keys()];

  addEventListener("hashchange", () => changed.forEach((act) => act()));
  /** Calls `act` when the reader follows a link or edits the address. */
  const onchange = (act) => changed.add(act);
  return { get, set, keys, onchange };
})();
