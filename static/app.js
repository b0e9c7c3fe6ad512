// What the keyboard does, and what keeps typed words safe. Every page works without it.

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

function say(sentence) {
  $("#announcer").textContent = sentence;
}

/* ---------------------------------------------------------------- lists: j, k, Enter, x and the mouse */

const rows = () => all("[data-row]");
const opener = (row) => $("a[href], button", row) || row;

function move(step) {
  const list = rows();
  const here = list.indexOf(document.activeElement.closest("[data-row]"));
  const next = list[here < 0 ? (step > 0 ? 0 : list.length - 1) : here + step];
  if (!next) return;
  next.tabIndex = -1;
  opener(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const row = document.activeElement.closest("[data-row]");
  const box = row && $("input[type=checkbox]", row);
  if (box) box.click();
}

function openClicked(event) {
  const row = event.target.closest("[data-row]");
  const isOwn = event.target.closest("a, button, input, select, textarea, label, summary");
  if (!row || isOwn || !window.getSelection().isCollapsed) return;
  const link = $("a[href]", row);
  if (link) link.click();
}

function tickAll(event) {
  const box = event.target;
  if (!box.matches("[data-tick-all]")) return;
  all("[data-row] input[type=checkbox]", box.closest("table")).forEach((one) => {
    if (!one.disabled) one.checked = box.checked;
  });
}

function countTicked() {
  const ticked = all("[data-row] input[type=checkbox]:checked").length;
  all("[data-ticked]").forEach((place) => (place.textContent = ticked));
}

/* ---------------------------------------------------------------- the day sheet: a grid of fields */

function column(cell) {
  return [...cell.closest("tr").children].indexOf(cell.closest("td, th"));
}

function below(cell, step) {
  const index = column(cell);
  let row = cell.closest("tr");
  while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
    const found = row.children[index] && $("input:not([type=hidden], :disabled), select:not(:disabled)", row.children[index]);
    if (found) return found;
  }
  return null;
}

function beside(cell, step) {
  const cells = all("input:not([type=hidden], :disabled), select:not(:disabled)", cell.closest("tr"));
  return cells[cells.indexOf(cell) + step];
}

function goTo(cell) {
  if (!cell) return false;
  cell.focus();
  if (cell.select) cell.select();
  return true;
}

function isAtEdge(cell, step) {
  if (cell.matches("select, [type=checkbox]")) return true;
  if (!cell.matches("[type=text], [type=search], [type=tel], :not([type])")) return false;
  const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  return isWhole || (cell.selectionStart === cell.selectionEnd && cell.selectionEnd === (step > 0 ? cell.value.length : 0));
}

function repeatAbove(cell) {
  const above = below(cell, -1);
  if (!above) return;
  cell.value = above.value;
  cell.dispatchEvent(new Event("change", { bubbles: true }));
  say("Repeated from the row above.");
}

function gridTarget(event, cell) {
  const usesArrows = cell.matches("select, [type=time], [type=number], [type=date]");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key === "Enter") return below(cell, event.shiftKey ? -1 : 1);
  if (event.key in steps && !usesArrows) return below(cell, steps[event.key]);
  if (event.key === "ArrowRight" && isAtEdge(cell, 1)) return beside(cell, 1);
  if (event.key === "ArrowLeft" && isAtEdge(cell, -1)) return beside(cell, -1);
  return undefined;
}

function gridKey(event) {
  const cell = event.target;
  if (!cell.matches("[data-grid] input, [data-grid] select") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === '"' && cell.closest("[data-repeats]")) {
    event.preventDefault();
    repeatAbove(cell);
    return;
  }
  const target = gridTarget(event, cell);
  if (target === undefined) return;
  event.preventDefault();
  goTo(target);
}

/* ---------------------------------------------------------------- keys of every page */

const plainKeys = {
  "/": () => goTo($("[data-search]")),
  "?": () => $("#shortcuts").showModal(),
  j: () => move(1),
  k: () => move(-1),
  x: tick,
};

function formFor(event) {
  if (!event.ctrlKey && !event.metaKey) return null;
  if (event.key === "Enter") return event.target.closest("form");
  const grid = event.key.toLowerCase() === "s" && $("[data-grid]");
  return grid ? grid.closest("form") : null;
}

function pressed(event) {
  const form = formFor(event);
  if (form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
  if (!isPlain || $("dialog[open]") || !Object.hasOwn(plainKeys, event.key)) return;
  event.preventDefault();
  plainKeys[event.key]();
}

/* ---------------------------------------------------------------- a form is sent once */

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
  setTimeout(() => buttonsOf(form).forEach((button) => (button.disabled = true)));
  if ("download" in form.dataset) setTimeout(release, 3000);
}

/* ---------------------------------------------------------------- drafts: only for forms that ask, only in this tab */

const person = document.body.dataset.person;
const draftKey = (form) => `draft:${person}:${form.dataset.draft}`;
const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !("undrafted" in field.dataset);
const draftKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));

function keepDraft(form) {
  const fields = [...form.elements].filter(kept);
  const values = fields.map((field) => [field.name, field.type, field.value, field.checked]);
  sessionStorage.setItem(draftKey(form), JSON.stringify({ values, isSent: false }));
}

function restoreDraft(form) {
  const draft = JSON.parse(sessionStorage.getItem(draftKey(form)) || "null");
  if (!draft) return;
  [...form.elements].filter(kept).forEach((field, index) => {
    const [name, type, value, checked] = draft.values[index] || [];
    if (name !== field.name || type !== field.type) return;
    if (type === "checkbox" || type === "radio") field.checked = checked;
    else field.value = value;
  });
  offerToForget(form);
}

function offerToForget(form) {
  const note = document.createElement("div");
  const button = document.createElement("button");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  note.append("What you typed before was kept.", button);
  Object.assign(button, { type: "button", className: "btn btn-secondary btn-sm", textContent: "Start afresh" });
  button.addEventListener("click", () => {
    sessionStorage.removeItem(draftKey(form));
    location.reload();
  });
  form.prepend(note);
}

function markSent(form) {
  const draft = JSON.parse(sessionStorage.getItem(draftKey(form)) || "null");
  if (draft) sessionStorage.setItem(draftKey(form), JSON.stringify({ ...draft, isSent: true }));
}

function tidyDrafts() {
  if (!person) return;
  const here = all("form[data-draft]").map(draftKey);
  draftKeys().forEach((key) => {
    const isMine = key.startsWith(`draft:${person}:`);
    const isDone = JSON.parse(sessionStorage.getItem(key)).isSent && !here.includes(key);
    if (!isMine || isDone) sessionStorage.removeItem(key);
  });
  all("form[data-draft]").forEach(restoreDraft);
}

/* ---------------------------------------------------------------- colours */

function switchTheme(event) {
  const button = event.submitter;
  if (!event.target.matches("[data-theme-switch]") || !button) return;
  event.preventDefault();
  const isDark = button.value === "dark" || (button.value === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.dataset.themeChoice = button.value;
  document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
  all("button", event.target).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
}

/* ---------------------------------------------------------------- listening */

function submitted(event) {
  switchTheme(event);
  sendOnce(event);
  if (event.defaultPrevented) return;
  if (event.target.matches("[data-draft]")) markSent(event.target);
  if (event.target.matches("[data-forgets-drafts]")) draftKeys().forEach((key) => sessionStorage.removeItem(key));
}

document.addEventListener("keydown", gridKey);
document.addEventListener("keydown", pressed);
document.addEventListener("submit", submitted);
document.addEventListener("click", openClicked);
document.addEventListener("change", tickAll);
document.addEventListener("change", countTicked);
document.addEventListener("input", (event) => event.target.form?.matches("[data-draft]") && keepDraft(event.target.form));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  if (button) document.getElementById(button.dataset.opens).showModal();
});
document.addEventListener("htmx:afterRequest", release);
document.addEventListener("htmx:responseError", () => say("The page could not be brought up to date. Reload it to see how things stand."));
document.addEventListener("htmx:sendError", () => say("The server cannot be reached. What you typed is still here."));
window.addEventListener("pageshow", release);
tidyDrafts();
$("#error-summary")?.focus();
