// A key presses the first thing on the page that carries it: <a data-key="d">; "g s" is one key after another.
// Letters and signs obey <body data-shortcuts>; all keys are off where something is typed, chosen or played, and cards
// have keys of their own.
const TYPED = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=hidden])";
const MOVED = "select, input, video, audio, [role=menu]"; // these know the arrows and letters themselves
const PATIENCE = 1200; // milliseconds between the two keys of one
let first = "";
let at = 0;

const carriers = (key) =>
  [...document.querySelectorAll("[data-key]")].filter((each) => each.dataset.key === key && !each.closest("article"));

const press = (target) => {
  const sheet = target.closest("[popover]:not(:popover-open)");
  if (!target.matches(TYPED)) return target.click();
  if (sheet && getComputedStyle(sheet).display === "none") sheet.showPopover();
  target.focus();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest(TYPED) || (key.length > 1 && target.closest(MOVED))) return;
  if (key.length === 1 && !document.body.hasAttribute("data-shortcuts")) return;
  const open = document.querySelector(":popover-open, dialog[open]");
  if (open && !(open.id === "keys" && key === "?")) return;
  const now = key.length === 1 ? key.toLowerCase() : key;
  const both = event.timeStamp - at < PATIENCE ? `${first} ${now}` : "";
  [first, at] = [now, event.timeStamp];
  const [found] = [...carriers(both), ...carriers(now)];
  if (!found) return;
  event.preventDefault();
  first = "";
  press(found);
});

// A page that was opened for one of its fields begins there.
const wanted = document.getElementById(location.hash.slice(1));
if (wanted?.matches("[data-key]")) press(wanted);
