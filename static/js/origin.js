// A file from elsewhere that is dropped on the wall leads to its card.
let own = false; // what is dragged began on this page
const brings = (event) => !own && event.target.closest?.("#wall") && event.dataTransfer.types.includes("Files");
const mark = (on) => document.querySelector("#wall").classList.toggle("over", on);

document.addEventListener("dragstart", () => (own = true));
document.addEventListener("dragend", () => (own = false));
document.addEventListener("dragover", (event) => {
  const here = brings(event);
  mark(Boolean(here));
  if (!here) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});
document.addEventListener("dragleave", (event) => !event.relatedTarget && mark(false));
document.addEventListener("drop", (event) => {
  mark(false);
  if (!brings(event)) return;
  event.preventDefault();
  const form = document.querySelector("#origin");
  const bag = new DataTransfer();
  bag.items.add(event.dataTransfer.files[0]);
  form.file.files = bag.files;
  form.requestSubmit();
});
