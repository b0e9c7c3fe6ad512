// Nothing typed is lost: a form with data-draft="its own name" keeps its fields in this tab until the
// server has taken them; one with data-draft-url sends them there a moment after each change, where
// they outlive the browser. Never a password, a file or a field marked data-undrafted (a patient's name);
// never after signing out. A form that is not about one case (data-draft-asks) asks before it fills
// anything in: what was left may be of another patient.

(function () {
  const person = document.body.dataset.person;
  const nothingSaved = !person || "nothingSaved" in document.body.dataset;
  const keyOf = (form) => `draft:${person}:${form.dataset.draft}`;
  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
  const read = (key) => JSON.parse(sessionStorage.getItem(key) || "null");
  const write = (key, draft) => sessionStorage.setItem(key, JSON.stringify(draft));
  const forget = (key) => sessionStorage.removeItem(key);
  const skipped = ["hidden", "password", "file", "submit", "button"];
  const isKept = (f) => f.name && !skipped.includes(f.type) && !("undrafted" in f.dataset);
  const fieldsOf = (form) => [...form.elements].filter(isKept);

  function keep(event) {
    const form = event.target.form;
    if (!form?.matches("[data-draft]")) return;
    const values = fieldsOf(form).map((f) => [f.name, f.value, f.checked ?? null]);
    write(keyOf(form), { values, isSent: false, at: Date.now() });
    if (form.dataset.draftUrl) keepThere(form);
  }

  const waiting = new Map();

  function keepThere(form) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(send, 700, form));
  }

  // What the server has kept, this tab need not; after a time-out it stays here.
  async function send(form, keepalive = false, more = {}) {
    waiting.delete(form);
    const kept = sessionStorage.getItem(keyOf(form));
    const body = new URLSearchParams(new FormData(form));
    Object.entries(more).forEach(([name, value]) => body.set(name, value));
    const options = { method: "POST", body, keepalive, redirect: "manual" };
    const answer = await fetch(form.dataset.draftUrl, options).catch(() => null);
    if (answer?.ok && sessionStorage.getItem(keyOf(form)) === kept) forget(keyOf(form));
  }

  function leave() {
    [...waiting].forEach(([form, timer]) => {
      clearTimeout(timer);
      send(form, true);
    });
  }

  function restore(form, draft) {
    const fields = fieldsOf(form);
    if (fields.some((f, i) => f.name !== draft.values[i]?.[0])) return;
    fields.forEach((f, i) => {
      const [, value, checked] = draft.values[i];
      if (["checkbox", "radio"].includes(f.type)) f.checked = checked;
      else f.value = value;
    });
    if (form.dataset.draftUrl) keepThere(form);
    offerToForget(form);
  }

  function draftNote(form, sentence, ...buttons) {
    const note = document.createElement("div");
    Object.assign(note, { className: "draft-note", role: "status" });
    note.append(sentence, ...buttons.map(([words, work]) => noteButton(note, words, work)));
    form.prepend(note);
  }

  function noteButton(note, words, work) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-secondary btn-sm" });
    button.textContent = words;
    button.addEventListener("click", () => work(note));
    return button;
  }

  function offerToForget(form) {
    const startAfresh = async () => {
      forget(keyOf(form));
      if (form.dataset.draftUrl) await send(form, false, { discard: "1" });
      location.reload();
    };
    const sentence = "What you typed before was not saved yet. It is back in its place.";
    draftNote(form, sentence, ["Start afresh", startAfresh]);
  }

  function askFirst(form, draft) {
    const time = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const when = draft.at ? ` of ${new Date(draft.at).toLocaleString("en-US", time)}` : "";
    const goOn = (note) => (note.remove(), restore(form, draft), goTo(fieldsOf(form)[0]));
    const startNew = (note) => (note.remove(), forget(keyOf(form)));
    const sentence = `A registration${when} was left unfinished; the patient’s name is not kept.`;
    draftNote(form, sentence, ["Go on with it", goOn], ["Start a new one", startNew]);
  }

  function sent(event) {
    if (event.target.matches("[data-forgets-drafts]")) keys().forEach(forget);
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
    const draft = event.target.matches("[data-draft]") && read(keyOf(event.target));
    if (draft) write(keyOf(event.target), { ...draft, isSent: true });
  }

  // A refusal, a failure or the sign-in page came instead: what was sent is still a draft.
  function keepAll() {
    keys().forEach((key) => write(key, { ...read(key), isSent: false }));
  }

  function settle(key, form, wasRedirected) {
    const draft = read(key);
    const isAnswered = form && $(".is-invalid, [aria-invalid=true], .error-summary", form);
    if (!key.startsWith(`draft:${person}:`)) return forget(key);
    if (draft.isSent && (wasRedirected || !form)) return forget(key);
    if (form && !isAnswered) ("draftAsks" in form.dataset ? askFirst : restore)(form, draft);
    return undefined;
  }

  function arrive() {
    if (nothingSaved) return keepAll();
    const wasRedirected = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
    const forms = all("form[data-draft]");
    return keys().forEach((key) => settle(key, forms.find((f) => keyOf(f) === key), wasRedirected));
  }

  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("submit", sent);
  window.addEventListener("pagehide", leave);
  arrive();
})();
