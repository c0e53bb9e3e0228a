// Before the first paint: what the reader chose last, and that scripts run at all.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  for (const name of ["theme", "size"]) {
    try {
      const value = localStorage.getItem(`pref:${name}`);
      if (value) root.dataset[name] = value;
    } catch {
      return;
    }
  }
})();
