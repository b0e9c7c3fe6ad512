// What the keyboard and the mouse do on every page. Every page works without it.
// grid.js and drafts.js use the four helpers below.

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (sentence) => ($("#announcer").textContent = sentence);
const goTo = (field) => {
  field?.focus();
  field?.select?.();
};

/* ------------------------------------------------------------ lists: j, k, Enter, x, the mouse */

function move(step) {
  const list = all("[data-row]");
  const here = list.indexOf(document.activeElement.closest("[data-row]"));
  const start = step > 0 ? 0 : list.length - 1;
  const next = list[here < 0 ? start : here + step];
  if (!next) return;
  next.tabIndex = -1;
  ($("a[href], button", next) || next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const row = document.activeElement.closest("[data-row]");
  if (row) $("input[type=checkbox]:not(:disabled)", row)?.click();
}

function openRow(event) {
  const row = event.target.closest("[data-row]");
  const isOwn = event.target.closest("a, button, input, select, textarea, label, summary");
  if (row && !isOwn && window.getSelection().isCollapsed) $("a[href]", row)?.click();
}

function tickAll(event) {
  if (!event.target.matches("[data-tick-all]")) return;
  const table = event.target.closest("table");
  const boxes = all("[data-row] input[type=checkbox]:not(:disabled)", table);
  boxes.forEach((box) => (box.checked = event.target.checked));
}

function countTicked() {
  const count = all("[data-row] input[type=checkbox]:checked").length;
  all("[data-ticked]").forEach((place) => (place.textContent = count));
}

/* ------------------------------------------------------------ keys */

const plainKeys = {
  "/": () => goTo($("[data-search]")),
  "?": () => $("#shortcuts").showModal(),
  j: () => pressKey("j") || move(1),
  k: () => pressKey("k") || move(-1),
  x: tick,
};

/* A verb with a key of its own is a link or button with data-key: of the row that has the focus, or of
   the page where it is about one case. */

function keyTarget(key) {
  const row = document.activeElement.closest("[data-row]");
  const ofRow = row && $(`[data-key="${key}"]`, row);
  return ofRow || all(`[data-key="${key}"]`).find((one) => !one.closest("[data-row]"));
}

function pressKey(key) {
  const target = keyTarget(key);
  if (!target) {
    if ($(`[data-row] [data-key="${CSS.escape(key)}"]`)) say("Choose a row first, with j or k.");
    return false;
  }
  if (target.form && !$("[data-row] input[type=checkbox]:checked")) tick();
  target.click();
  const section = target.hash && document.getElementById(target.hash.slice(1))?.closest("section");
  if (section) goTo($("input:not([type=hidden]), select, textarea", section));
  return true;
}

function focusPlace() {
  if (/^#at-[0-9]+$/.test(location.hash)) $(`${location.hash}[data-row] a[href]`)?.focus();
}

const isVerbKey = (key) => /^[a-z]$/.test(key) && !Object.hasOwn(plainKeys, key);
const areKeysOff = () => localStorage.getItem("single-keys") === "off";

function switchKeys(event) {
  const button = event.target.closest("[data-keys-switch]");
  if (!button) return;
  localStorage.setItem("single-keys", areKeysOff() ? "on" : "off");
  showKeysSwitch();
}

function showKeysSwitch() {
  const button = $("[data-keys-switch]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(!areKeysOff()));
  button.textContent = areKeysOff() ? "Single keys are off: switch on" : "Single keys are on: switch off";
}

const isTyping = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

function formToSend(event) {
  if (!event.ctrlKey && !event.metaKey) return null;
  if (event.key === "Enter") return event.target.closest("form");
  return event.key.toLowerCase() === "s" ? $("form:has([data-grid])") : null;
}

function pressed(event) {
  const form = formToSend(event);
  if (form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
  if (!isPlain || $("dialog[open]") || areKeysOff()) return;
  if (Object.hasOwn(plainKeys, event.key)) {
    event.preventDefault();
    plainKeys[event.key]();
  } else if (isVerbKey(event.key) && !event.target.closest("[data-grid]") && pressKey(event.key)) {
    event.preventDefault();
  }
}

/* ------------------------------------------------------------ a form is sent once */

const buttonsOf = (form) => [...form.elements].filter((one) => one.type === "submit");

function release() {
  all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    buttonsOf(form).forEach((button) => (button.disabled = false));
  });
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  // The pressed button's own name and value are read first; then it is switched off.
  setTimeout(() => buttonsOf(form).forEach((button) => (button.disabled = true)));
  if ("download" in form.dataset) setTimeout(release, 3000);
}

/* ------------------------------------------------------------ colours */

function switchTheme(event) {
  const button = event.submitter;
  if (!event.target.matches("[data-theme-switch]") || !button) return;
  event.preventDefault();
  const isDarkOutside = matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = button.value === "dark" || (button.value === "auto" && isDarkOutside);
  document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.dataset.themeChoice = button.value;
  document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
  all("button", event.target).forEach((one) => one.setAttribute("aria-pressed", one === button));
}

/* ------------------------------------------------------------ definitions: Escape puts one away */

function dismissHint(event) {
  if (event.key !== "Escape") return;
  $(".hint-mark:focus")?.blur();
  $(".hint:hover")?.classList.add("is-dismissed");
}

function allowHints() {
  all(".hint.is-dismissed:not(:hover)").forEach((hint) => hint.classList.remove("is-dismissed"));
}

/* ------------------------------------------------------------ a day is typed; a calendar is beside it */

function showCalendars(root) {
  all("[data-calendar][hidden]", root).forEach((button) => {
    const picker = button.nextElementSibling;
    if (picker.showPicker) button.hidden = picker.hidden = false;
  });
}

function openCalendar(event) {
  event.target.closest("[data-calendar]")?.nextElementSibling.showPicker();
}

function takeDay(event) {
  if (!event.target.matches(".day-picker") || !event.target.value) return;
  const field = $("input", event.target.parentElement);
  const [year, month, day] = event.target.value.split("-");
  field.value = `${month}/${day}/${year}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  goTo(field);
}

/* ------------------------------------------------------------ listening */

function openDialog(event) {
  const button = event.target.closest("[data-opens]");
  if (button) document.getElementById(button.dataset.opens).showModal();
}

document.addEventListener("keydown", pressed);
document.addEventListener("keydown", dismissHint);
document.addEventListener("pointerover", allowHints);
document.addEventListener("click", openRow);
document.addEventListener("click", openDialog);
document.addEventListener("click", switchKeys);
document.addEventListener("click", openCalendar);
document.addEventListener("change", takeDay);
document.addEventListener("change", tickAll);
document.addEventListener("change", countTicked);
document.addEventListener("submit", switchTheme);
document.addEventListener("submit", sendOnce);
document.addEventListener("htmx:load", (event) => showCalendars(event.target));
document.addEventListener("htmx:responseError", () => say("Not brought up to date: reload."));
document.addEventListener("htmx:sendError", () => say("The server cannot be reached."));
window.addEventListener("pageshow", release);
// After the browser has gone to the row of the address, which takes the focus from everything else.
window.addEventListener("load", () => setTimeout(focusPlace));
showKeysSwitch();
showCalendars(document);
$("#error-summary")?.focus();
