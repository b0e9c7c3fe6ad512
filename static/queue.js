// The charge queue: the row whose charge stands beside the list is marked, and the list keeps its place.

const isWide = () => matchMedia("(min-width: 80rem)").matches;

function markOpen() {
  const open = $("#pane")?.dataset.open;
  all("[data-row] a[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  if (open) $(`#charge-${open} a[href]`)?.setAttribute("aria-current", "true");
}

// On a narrow screen the charge stands above the list: go there as an ordinary page does.
function openBeside(event) {
  if (!event.target.closest("[data-row]") || isWide()) return;
  event.preventDefault();
  location.assign(event.target.closest("a").href);
}

function swapped(event) {
  if (event.detail.target?.id !== "pane") return;
  markOpen();
  say($("#pane h2")?.textContent.trim() || "");
}

function closePane(event) {
  if (event.key !== "Escape" || $("dialog[open]") || event.target.closest("details[open], #pane form"))
    return;
  $("#pane [data-close]")?.click();
}

document.addEventListener("htmx:beforeRequest", openBeside);
document.addEventListener("htmx:afterSwap", swapped);
document.addEventListener("keydown", closePane);
