// A key presses the first thing on the page that carries it: <a data-key="d">; "g s" is one key after the other.
// Letters and signs obey <body data-shortcuts>; keys are off where something is typed, chosen or played. Cards have
// keys of their own.
const TYPED = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])";
const MOVED = "select, input, video, audio"; // these know the arrows themselves
let first, at;

const press = (target) => {
  if (!target.matches(TYPED)) return target.click();
  const sheet = target.closest("[popover]");
  if (sheet && !sheet.checkVisibility()) sheet.showPopover();
  target.focus();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const isLetter = key.length === 1;
  const open = document.querySelector(":popover-open, dialog[open]");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest(isLetter ? TYPED : `${TYPED}, ${MOVED}`)) return;
  if (isLetter && !("shortcuts" in document.body.dataset)) return;
  if (open && (open.id !== "keys" || key !== "?")) return;
  const now = key.toLowerCase();
  const wanted = [event.timeStamp - at < 1200 && `${first} ${now}`, isLetter ? now : key];
  const carriers = [...document.querySelectorAll("[data-key]")].filter((each) => !each.closest("article"));
  const found = wanted.map((each) => carriers.find(({ dataset }) => dataset.key === each)).find(Boolean);
  [first, at] = found ? [] : [now, event.timeStamp];
  if (!found) return;
  event.preventDefault();
  press(found);
});

// A page that was opened for one of its fields begins there.
const field = document.getElementById(location.hash.slice(1));
if (field?.matches("[data-key]")) press(field);
