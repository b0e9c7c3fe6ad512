// Before anything is painted: say that scripts run, and follow the system where the person chose "auto".
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function follow() {
    if (root.dataset.themeChoice === "auto") {
      root.dataset.bsTheme = dark.matches ? "dark" : "light";
    }
  }

  root.classList.add("has-script");
  dark.addEventListener("change", follow);
  follow();
})();
