// Arrow keys turn the pages of an open lightbox: they press its own buttons.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const open = document.querySelector(".lightbox:popover-open");
  open?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
