// Goes on with what the server has drawn, where scripts run: meters that move, and forms that say that they are under way. Without it everything works as well.
"use strict";

for (const meter of document.querySelectorAll(".meter[data-events]")) {
  const source = new EventSource(meter.dataset.events);
  const bar = meter.querySelector("progress");
  const text = meter.querySelector(".meter-text");
  source.addEventListener("progress", event => {
    const news = JSON.parse(event.data);
    if (news.expected > 0) {
      bar.max = news.expected;
      bar.value = Math.min(news.done, news.expected);
    }
    text.textContent = news.text;
  });
  // Ended: a page that is about this one thing is read again, which shows how it stands. A stream that is cut leaves the page as it is.
  source.addEventListener("end", () => {
    source.close();
    if ("reload" in meter.dataset)
      location.reload();
  });
  source.addEventListener("error", () => { source.close(); });
}

for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", () => {
    form.setAttribute("aria-busy", "true");
    for (const button of form.querySelectorAll("button"))
      button.disabled = true;
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}

// On a narrow screen the places of a page are a strip: the present one is moved into sight.
for (const here of document.querySelectorAll(".side [aria-current], .tabs [aria-current]")) {
  const strip = here.closest("nav");
  strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
}

const problems = document.getElementById("problems");
if (problems)
  problems.focus();
