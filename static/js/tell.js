// While the tab is hidden: a notification or a sound when one's own generation has ended, as the profile wishes it.
const WHAT = { done: "ready", failed: "failed", expired: "failed", unknown: "failed" };
const wishes = document.body.dataset.tell.split(" ");
let last = 0;

const sound = () => {
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.connect(volume).connect(context.destination);
  volume.gain.setValueAtTime(0.1, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.6);
  tone.frequency.value = 660;
  tone.start();
  tone.stop(context.currentTime + 0.6);
  tone.onended = () => context.close();
};

new MutationObserver((changes) => {
  if (!document.hidden) return;
  for (const { target, oldValue } of changes) {
    const what = WHAT[target.dataset.state];
    if (!what || oldValue === target.dataset.state || !("own" in target.dataset)) continue;
    const text = what === "ready" ? "Your generation is ready" : "Your generation failed or needs you";
    if (wishes.includes(`${what}:browser`) && Notification.permission === "granted") new Notification(text, { tag: what });
    if (wishes.includes(`${what}:sound`) && Date.now() - last > 3000) sound(), (last = Date.now());
  }
}).observe(document.body, { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true });
