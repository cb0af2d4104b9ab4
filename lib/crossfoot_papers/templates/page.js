(function () {
  "use strict";
  var root = document.documentElement;
  var picks = JSON.parse(document.getElementById("picks").textContent);
  var panel = document.getElementById("panel");
  var content = panel.querySelector(".content");
  var clear = panel.querySelector(".clear");
  var heading = panel.querySelector("h2");
  var empty = content.firstElementChild.cloneNode(true);
  var lit = [];

  function speak(language) {
    root.lang = language;
    document.querySelectorAll("[data-language]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
  }

  function unlight() {
    lit.forEach(function (element) {
      element.classList.remove("lit", "left", "right", "chosen");
      element.removeAttribute("data-would");
    });
    lit = [];
    document.querySelectorAll('[data-pick][aria-pressed="true"]').forEach(function (element) {
      element.setAttribute("aria-pressed", "false");
    });
  }

  function light(id, side, would) {
    var element = document.getElementById(id);
    if (!element) return null;
    element.classList.add("lit");
    if (side) element.classList.add(side);
    if (would) element.setAttribute("data-would", would);
    lit.push(element);
    return element;
  }

  function nothing() {
    unlight();
    content.replaceChildren(empty.cloneNode(true));
    clear.hidden = true;
    panel.classList.remove("full");
    root.classList.remove("choosing");
  }

  function choose(id, from) {
    var pick = picks[id], template = document.getElementById("t-" + id);
    if (!pick || !template) return;
    var inside = panel.contains(from);
    unlight();
    var shown = Object.keys(pick.cells).map(function (cell) {
      return light(cell, pick.cells[cell], pick.values && pick.values[cell]);
    }).concat(pick.claims.map(function (claim) { return light(claim); })).filter(Boolean);
    document.querySelectorAll('[data-pick="' + id + '"]').forEach(function (element) {
      element.setAttribute("aria-pressed", "true");
    });
    var own = document.getElementById(id);
    if (own) own.classList.add("chosen");
    content.replaceChildren(template.content.cloneNode(true));
    content.scrollTop = 0;
    clear.hidden = false;
    panel.classList.add("full");
    root.classList.add("choosing");
    if (inside) heading.focus({ preventScroll: true });
    var away = inside || !from.closest("table.statutory, .prose");
    if (away && shown.length && !visible(shown[0])) {
      var details = shown[0].closest("details");
      if (details) details.open = true;
      shown[0].scrollIntoView({ block: "center", inline: "nearest", behavior: "auto" });
    } else if (!away) {
      from.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "auto" });
    }
  }

  function visible(element) {
    var box = element.getBoundingClientRect();
    var floor = getComputedStyle(panel).position === "fixed" ? panel.getBoundingClientRect().top : innerHeight;
    return box.height > 0 && box.top >= 0 && box.bottom <= floor && box.left >= 0 && box.right <= innerWidth;
  }

  function stops(group) {
    return Array.prototype.filter.call(group.querySelectorAll("button[data-pick]"), function (button) {
      return button.getClientRects().length > 0;
    });
  }

  function rest(group, button) {
    group.querySelectorAll('button[data-pick][tabindex="0"]').forEach(function (other) { other.tabIndex = -1; });
    button.tabIndex = 0;
  }

  function neighbour(group, from, key) {
    var all = stops(group);
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    var at = all.indexOf(from);
    if (key === "ArrowRight") return all[at + 1];
    if (key === "ArrowLeft") return all[at - 1];
    var here = from.getBoundingClientRect(), down = key === "ArrowDown", best = null, least = Infinity;
    all.forEach(function (other) {
      var there = other.getBoundingClientRect();
      var rise = down ? there.top - here.top : here.top - there.top;
      if (rise < 4) return;
      var aside = Math.abs(there.left + there.width / 2 - here.left - here.width / 2);
      var far = rise * 3 + aside;
      if (far < least) { least = far; best = other; }
    });
    return best;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.language) speak(button.dataset.language);
    else if (button === clear) { nothing(); heading.focus({ preventScroll: true }); }
    else if (button.dataset.pick) {
      var group = button.closest("[data-rove]");
      if (group) rest(group, button);
      choose(button.dataset.pick, button);
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { nothing(); return; }
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
    var from = event.target.closest("button[data-pick]");
    var group = from && from.closest("[data-rove]");
    if (!group) return;
    event.preventDefault();
    var next = neighbour(group, from, event.key);
    if (next) { rest(group, next); next.focus(); }
  });

  document.querySelectorAll("[data-rove]").forEach(function (group) {
    var buttons = group.querySelectorAll("button[data-pick]");
    buttons.forEach(function (button) { button.tabIndex = -1; });
    var first = group.querySelector("button.differs") || buttons[0];
    if (first) first.tabIndex = 0;
  });
  document.querySelectorAll("button[data-pick]").forEach(function (button) {
    button.setAttribute("aria-pressed", "false");
  });

  var closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (details) { details.open = true; });
  });
  addEventListener("afterprint", function () {
    closed.forEach(function (details) { details.open = false; });
  });

  speak(root.lang);
})();
