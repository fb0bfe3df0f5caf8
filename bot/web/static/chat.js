/* What the browser does for itself: the sources panel, examples, copying, saving, and what a screen reader hears. */
"use strict";
(() => {
  const NARROW = window.matchMedia("(max-width: 760px)");
  const byId = (id) => document.getElementById(id);
  let announced = 0;
  let scrolledTo = 0;
  let opener = null;

  /* Asking */

  function ask(question) {
    const box = document.querySelector("#question textarea");
    const send = byId("send");
    if (!box || !send) return;
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => { send.click(); box.focus({ preventScroll: true }); }, 30);
  }

  /* The box is emptied once its question stands in the conversation; a question that was refused stays in it. */
  function emptyBox(asked) {
    const box = document.querySelector("#question textarea");
    const words = (text) => text.split(/\s+/).filter(Boolean).join(" ");
    const question = words([...asked.querySelectorAll("p")].map((line) => line.textContent).join(" "));
    if (!box || !box.value || words(box.value) !== question) return;
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const isKept = () => Boolean(document.querySelector("#keep input")?.checked);

  function press(id) {
    const found = byId(id);
    const button = found && (found.matches("button") ? found : found.querySelector("button"));
    if (button) button.click();
  }

  /* Sources */

  const numberOf = (link) => [...link.classList].map((name) => /^cite-(\d+)$/.exec(name)?.[1]).find(Boolean);

  function openSources(link) {
    const stored = link.closest(".answer")?.querySelector(".stored-sources");
    const panel = byId("sources");
    if (!stored || !panel) return false;
    const body = byId("sources-body");
    body.replaceChildren(...[...stored.children].map((child) => child.cloneNode(true)));
    opener = link;
    if (!panel.open) {
      if (NARROW.matches) panel.showModal(); else panel.show();
    }
    document.body.classList.add("sources-open");
    mark(link);
    const chosen = body.querySelector(`.source-${numberOf(link)}`);
    if (chosen) {
      chosen.classList.add("is-chosen");
      chosen.tabIndex = -1;
      chosen.scrollIntoView({ block: "start" });
      chosen.focus({ preventScroll: true });
    }
    return true;
  }

  function mark(link) {
    for (const other of document.querySelectorAll("#chat [aria-current]")) other.removeAttribute("aria-current");
    if (link) link.setAttribute("aria-current", "true");
  }

  function closeSources() {
    const panel = byId("sources");
    if (panel.open) panel.close();
    document.body.classList.remove("sources-open");
    mark(null);
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  /* Taking an answer along */

  async function copy(button) {
    const words = byId("announcer").dataset;
    const text = button.closest(".answer").querySelector(".stored-plain").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = words.copied;
    say(words.copied);
    setTimeout(() => { button.textContent = words.copy; }, 2500);
  }

  function save() {
    const parts = [...document.querySelectorAll("#chat .stored-plain")].map((part) => part.textContent);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([parts.join("\n\n---\n\n") + "\n"], { type: "text/markdown" }));
    link.download = "cupwise-conversation.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /* Feedback, where the server takes it */

  function judge(button, verdict) {
    const words = byId("announcer").dataset;
    const place = button.closest(".judge");
    if (verdict === "helpful") { giveFeedback(place, verdict, ""); return; }
    const form = document.createElement("form");
    form.className = "judge judge__form";
    const label = document.createElement("label");
    label.textContent = words.why;
    const area = document.createElement("textarea");
    area.maxLength = 1000;
    area.rows = 2;
    label.append(area);
    const send = document.createElement("button");
    send.className = "button";
    send.textContent = words.send;
    form.append(label, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      giveFeedback(form, verdict, area.value);
    });
    place.replaceWith(form);
    area.focus();
  }

  async function giveFeedback(place, verdict, reason) {
    const number = place.closest(".answer").id.replace("answer-", "");
    const question = [...document.querySelectorAll(`#question-${number} p`)].map((line) => line.innerText).join(" ");
    const thanks = document.createElement("span");
    thanks.className = "tool";
    thanks.textContent = byId("announcer").dataset.thanks;
    place.replaceWith(thanks);
    say(thanks.textContent);
    await fetch("/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ verdict, reason, question: question.slice(0, 4000) }),
    });
  }

  /* What is heard and where the page stands */

  function say(text) { byId("announcer").textContent = text; }

  function tidy() {
    const chat = byId("chat");
    if (!chat) return;
    const dock = byId("dock");
    document.documentElement.style.setProperty("--dock", `${dock ? dock.offsetHeight : 140}px`);
    for (const log of chat.querySelectorAll("[role=log]")) {
      if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
    }
    for (const message of chat.querySelectorAll("[data-testid][aria-label]")) message.removeAttribute("aria-label");
    const turns = chat.querySelectorAll(".asked");
    byId("start-over").hidden = turns.length === 0;
    if (turns.length < scrolledTo) { scrolledTo = announced = turns.length; closeSources(); }
    if (turns.length > scrolledTo) {
      scrolledTo = turns.length;
      turns[turns.length - 1].scrollIntoView({ block: "start" });
      emptyBox(turns[turns.length - 1]);
    }
    announce(chat, turns.length);
  }

  /* A reply that fits is shown whole above the question box; a longer one from its question on. */
  function bringIntoView(asked, turn) {
    const dock = byId("dock");
    const room = window.innerHeight - (dock ? dock.offsetHeight : 140) - 80;
    const height = turn.getBoundingClientRect().bottom - asked.getBoundingClientRect().top;
    if (height < room) turn.scrollIntoView({ block: "end" });
    else asked.scrollIntoView({ block: "start" });
  }

  function announce(chat, turns) {
    const states = chat.querySelectorAll(".turn");
    const last = states[states.length - 1];
    if (!last || turns === 0) return;
    if (last.classList.contains("is-waiting")) {
      announced = Math.min(announced, turns - 1);
      say(byId("announcer").dataset.waiting);
      return;
    }
    if (!last.classList.contains("is-final") || announced >= turns) return;
    announced = turns;
    if (isKept()) press("store");
    const asked = chat.querySelectorAll(".asked");
    requestAnimationFrame(() => bringIntoView(asked[asked.length - 1], last));
    const heard = last.querySelectorAll(".alarm, .notice, .answer__body, .problem p");
    const text = heard.length ? [...heard].map((part) => part.innerText).join(" ") : last.innerText;
    say(`${byId("announcer").dataset.ready} ${text}`);
  }

  /* Events, all delegated: the chat's content comes and goes */

  const ACTIONS = {
    ".ask-this": (target) => ask(target.textContent.trim()),
    "#chat [class*='cite-']": (target, event) => { if (openSources(target)) event.preventDefault(); },
    ".tool-copy": (target) => copy(target),
    ".tool-save": () => save(),
    ".tool-print": () => window.print(),
    ".ask-again": () => press("retry"),
    ".judge-yes": (target) => judge(target, "helpful"),
    ".judge-no": (target) => judge(target, "not helpful"),
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    for (const [selector, act] of Object.entries(ACTIONS)) {
      const target = event.target.closest(selector);
      if (target) { act(target, event); return; }
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && byId("sources")?.open) { event.preventDefault(); closeSources(); }
  });

  document.addEventListener("DOMContentLoaded", () => {
    byId("sources-close").addEventListener("click", closeSources);
    byId("sources").addEventListener("cancel", (event) => { event.preventDefault(); closeSources(); });
    byId("sources").addEventListener("click", (event) => { if (event.target === byId("sources")) closeSources(); });
    byId("start-over").addEventListener("click", () => { press("restart"); });
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector("#question textarea")?.focus();
    });
    let planned = false;
    new MutationObserver(() => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(() => { planned = false; tidy(); });
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "aria-live"] });
    tidy();
  });
})();
