// The day sheet's keys: arrows and Enter walk the fields of a [data-grid] table,
// " repeats the field above.

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

  function repeatAbove(field) {
    const above = below(field, -1);
    if (!above) return;
    field.value = above.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    say("Repeated from the row above.");
  }

  // Undefined leaves the key to the browser; null swallows it at the end of the grid.
  function target(event) {
    const field = event.target;
    const usesArrows = field.matches("select, [type=time], [type=number], [type=date]");
    if (event.key === "Enter") return below(field, event.shiftKey ? -1 : 1);
    if (event.key === "ArrowDown" && !usesArrows) return below(field, 1);
    if (event.key === "ArrowUp" && !usesArrows) return below(field, -1);
    if (event.key === "ArrowRight" && isAtEdge(field, 1)) return beside(field, 1);
    if (event.key === "ArrowLeft" && isAtEdge(field, -1)) return beside(field, -1);
    return undefined;
  }

  function pressed(event) {
    const isField = event.target.matches("[data-grid] input, [data-grid] select");
    if (!isField || event.altKey || event.ctrlKey || event.metaKey) return;
    const repeats = event.key === '"' && event.target.closest("[data-repeats]");
    const next = repeats ? null : target(event);
    if (next === undefined) return;
    event.preventDefault();
    if (repeats) repeatAbove(event.target);
    else goTo(next);
  }

  document.addEventListener("keydown", pressed);
})();
