// Turning the page of an open lightbox, by its buttons or the arrow keys, closes the picture before. Without script it
// stays open beneath, and closing leads back to it.
const turn = (button) => {
  button.closest(".lightbox").hidePopover();
  document.getElementById(button.getAttribute("popovertarget")).showPopover();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest(".lightbox [data-key]");
  if (!button) return;
  event.preventDefault();
  turn(button);
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const button = document.querySelector(`.lightbox:popover-open [data-key="${CSS.escape(event.key)}"]`);
  if (button) turn(button);
});
