// Messages leave after six seconds, or as many as data-stay says, not while somebody points at them or has the focus in them.
// What went wrong stays until it is dismissed.
const STAY = 6000;
const messages = document.querySelector("#messages");
const clocks = new WeakMap();

function hold(toast) {
  clearTimeout(clocks.get(toast));
}

function release(toast) {
  hold(toast);
  if (!toast.matches(".stop")) clocks.set(toast, setTimeout(() => toast.remove(), toast.dataset.stay * 1000 || STAY));
}

function listen(types, act) {
  const passOn = ({ target }) => {
    const toast = target.closest(".toast"); // none between two of them
    if (toast) act(toast);
  };
  for (const type of types) messages.addEventListener(type, passOn);
}

listen(["pointerover", "focusin"], hold);
listen(["pointerout", "focusout"], release);
messages.addEventListener("click", ({ target }) => {
  if (target.closest(".dismiss")) target.closest(".toast").remove();
});
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) [...addedNodes].filter((node) => node.matches?.(".toast")).forEach(release);
}).observe(messages, { childList: true });
[...messages.children].forEach(release);
