// The button on the profile that asks the browser for leave to show notifications; there only while it may be asked.
const allow = document.querySelector("#allow");

if (allow && window.Notification?.permission === "default") {
  allow.hidden = false;
  allow.querySelector("button").addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    allow.querySelector("p").textContent =
      answer === "granted" ? "Allowed." : "Not allowed. The settings of your browser have the switch.";
    allow.querySelector("button").hidden = answer !== "default";
  });
}
