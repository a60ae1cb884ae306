// Files by hand: dropped anywhere on the composer, pasted anywhere, or dragged from a card.
const OUTPUT = "application/x-modellix-output";
const desk = () => document.querySelector("#desk");
const sends = ({ detail }, selector) => detail.ctx?.sourceElement?.matches(selector);

// The place for such a file: where it was dropped, else the first that takes its kind and is empty, else the first.
const placeFor = (file, over) => {
  const kind = `${file.type.split("/")[0]}/`;
  const takes = (input) => input.accept.includes(kind);
  const places = [...document.querySelectorAll("#inputs [type=file]")];
  const here = over?.closest?.("#inputs fieldset")?.querySelector("[type=file]");
  if (here) return here;
  return places.find((input) => takes(input) && !input.closest(".refs").querySelector(".ref")) ?? places.find(takes) ?? places[0];
};

const give = (files, over) => {
  const place = files.length && placeFor(files[0], over);
  if (!place) return false;
  const bag = new DataTransfer();
  for (const file of place.multiple ? files : [...files].slice(0, 1)) bag.items.add(file);
  place.files = bag.files;
  place.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};

// A picture of ours is copied on the server: only its number travels.
const copy = (output) => {
  const number = document.createElement("input");
  Object.assign(number, { type: "hidden", name: "output", value: output });
  document.querySelector("#inputs").append(number);
  number.dispatchEvent(new Event("change", { bubbles: true }));
};

const brings = ({ types }) => types.includes("Files") || types.includes(OUTPUT);
const dragged = (event) => event.target.closest?.("#composer") && brings(event.dataTransfer);
const mark = (on) => document.querySelector("#inputs")?.classList.toggle("over", on);

document.addEventListener("dragover", (event) => {
  if (!dragged(event)) return mark(false);
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  mark(true);
});
document.addEventListener("dragleave", (event) => !event.relatedTarget && mark(false));
document.addEventListener("dragend", () => mark(false));
document.addEventListener("drop", (event) => {
  mark(false);
  if (!dragged(event)) return;
  event.preventDefault();
  const output = event.dataTransfer.getData(OUTPUT);
  if (output) copy(output);
  else give(event.dataTransfer.files, event.target);
});

document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  if (!desk() || !files.length || event.clipboardData.types.includes("text/plain")) return;
  if (give(files)) event.preventDefault();
});

// While files are on their way other models wait, or their answer would show the places still empty. What has just
// changed with models and files has a price.
let waiting = null;
document.addEventListener("htmx:config:request", (event) => {
  if (!sends(event, "#model-list, .sides .seg") || !document.querySelector("#inputs.htmx-request")) return;
  event.preventDefault();
  waiting = event.detail.ctx.sourceElement;
});
document.addEventListener("htmx:finally:request", (event) => {
  if (!sends(event, "#model-list, #inputs")) return;
  if (waiting) waiting.dispatchEvent(new Event("change", { bubbles: true }));
  else desk()?.dispatchEvent(new Event("composed"));
  waiting = null;
});
