// The day sheet's keys: arrows walk the fields of a [data-grid] table, Enter goes to the next row,
// " repeats the field above. y says the fraction was given as usual, z that nothing was shifted:
// what they fill in is in sight, and can be changed, before anything is saved.

(function () {
  const FIELD = "input:not([type=hidden], :disabled), select:not(:disabled)";

  function below(field, step) {
    const column = field.closest("td, th").cellIndex;
    let row = field.closest("tr");
    while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
      const found = row.children[column] && $(FIELD, row.children[column]);
      if (found) return found;
    }
    return null;
  }

  function beside(field, step) {
    const fields = all(FIELD, field.closest("tr"));
    return fields[fields.indexOf(field) + step] || null;
  }

  // Left and right leave a field only where the cursor could not move any further inside it.
  function isAtEdge(field, step) {
    if (field.matches("select, [type=checkbox]")) return true;
    if (!field.matches("[type=text], :not([type])")) return false;
    const { selectionStart: start, selectionEnd: end, value } = field;
    const isWhole = start === 0 && end === value.length;
    return isWhole || (start === end && end === (step > 0 ? value.length : 0));
  }

  function put(field, value) {
    if (field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function repeatAbove(field) {
    const above = below(field, -1);
    if (!above) return;
    put(field, above.value);
    say("Repeated from the row above.");
  }

  function asUsual(delivered) {
    const named = (name) => $(`[name$="-${name}"]`, delivered.closest("tr"));
    const [start, modality, image] = ["start_time", "modality", "image_time"].map(named);
    const isImaged = modality.value !== "none";
    put(delivered, "yes");
    if (isImaged && !image.value) put(image, start.value);
    say(isImaged ? `Delivered, imaged at ${image.value || "no time yet"}.` : "Delivered, no image.");
    if (!start.value) goTo(start);
    else if (isImaged) goTo(named("shift_lr"));
  }

  const shiftsOf = (field) => all("[data-shift]", field.closest("tr"));

  function noShift(field) {
    shiftsOf(field).forEach((shift) => put(shift, "0"));
    say("No shift: 0 in all three.");
  }

  function nextShift(field) {
    const shifts = shiftsOf(field);
    goTo(shifts[shifts.indexOf(field) + 1] || beside(field, 1));
  }

  // The next row begins at Delivered; after the last one comes the button that saves.
  function nextRow(field, step) {
    const starts = all("[data-delivered]", field.closest("[data-grid]"));
    if (!starts.length) return below(field, step);
    const rows = starts.map((start) => start.closest("tr"));
    const next = starts[rows.indexOf(field.closest("tr")) + step];
    return next || (step > 0 ? $(".bulk-bar button", field.form) : null);
  }

  const special = (event) => {
    if (event.key === "y" && event.target.matches("[data-delivered]")) return asUsual;
    if (event.key === "z" && event.target.matches("[data-shift]")) return noShift;
    if (event.key === " " && event.target.matches("[data-shift]")) return nextShift;
    return event.key === '"' && event.target.closest("[data-repeats]") ? repeatAbove : null;
  };

  // Undefined leaves the key to the browser; null swallows it at the end of the grid.
  function target(event) {
    const field = event.target;
    const usesArrows = field.matches("select, [type=time], [type=number], [type=date]");
    if (event.key === "Enter") return nextRow(field, event.shiftKey ? -1 : 1);
    if (event.key === "ArrowDown" && !usesArrows) return below(field, 1);
    if (event.key === "ArrowUp" && !usesArrows) return below(field, -1);
    if (event.key === "ArrowRight" && isAtEdge(field, 1)) return beside(field, 1);
    if (event.key === "ArrowLeft" && isAtEdge(field, -1)) return beside(field, -1);
    return undefined;
  }

  function pressed(event) {
    const isField = event.target.matches("[data-grid] input, [data-grid] select");
    if (!isField || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = special(event);
    const next = act ? null : target(event);
    if (next === undefined) return;
    event.preventDefault();
    if (act) act(event.target);
    else goTo(next);
  }

  $("[data-grid] [aria-invalid=true]")?.focus();

  document.addEventListener("keydown", pressed);
})();
