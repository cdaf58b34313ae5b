// Xinlian: what makes the pages quicker under the hand. Everything works without it.
"use strict";
(function () {
  var keys = {};
  document.querySelectorAll("[data-key]").forEach(function (element) {
    keys[element.getAttribute("data-key")] = element;
  });

  // Where the places do not fit beside each other, the one that one is at is in sight.
  var place = document.querySelector(".side a[aria-current]");
  if (place && place.parentNode.scrollWidth > place.parentNode.clientWidth) {
    place.parentNode.scrollLeft = place.offsetLeft - 16;
  }

  // Function keys: focus a field, follow a link or press a button.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    var element = keys[event.key];
    if (!element) return;
    event.preventDefault();
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) {
      element.focus();
      if (element.type === "text" || element.type === "search") element.select();
    } else {
      element.click();
    }
  });

  // A card reader types the number and an Enter: keep only what a number has, without spaces.
  document.querySelectorAll("[data-identifier]").forEach(function (input) {
    input.addEventListener("input", function () {
      var tidy = input.value.replace(/[\s\u3000-]/g, "").toUpperCase();
      if (tidy !== input.value) input.value = tidy;
    });
  });

  // Ticking a material asks again at once, instead of by the button; the hand stays where it was.
  var KEPT = "xl-place";
  function keepPlace(element) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ at: location.pathname, id: element.id, y: window.scrollY }));
    } catch (_) { /* a browser that keeps nothing begins at the top */ }
  }
  function takePlace() {
    var kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch (_) { return; }
    var element = kept && kept.at === location.pathname && document.getElementById(kept.id);
    if (!element) return;
    element.focus({ preventScroll: true });
    window.scrollTo(0, kept.y);
  }
  document.querySelectorAll("form[data-submit-on-change]").forEach(function (form) {
    form.addEventListener("change", function (event) {
      keepPlace(event.target);
      if (form.requestSubmit) form.requestSubmit(); else form.submit();
    });
    form.querySelectorAll("[data-without-script]").forEach(function (element) {
      element.hidden = true;
    });
  });

  // A form is sent once.
  document.querySelectorAll("form[method=post]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.hasAttribute("data-sent")) {
        event.preventDefault();
        return;
      }
      form.setAttribute("data-sent", "");
      var busy = form.getAttribute("data-busy");
      var button = form.querySelector("button:not([type=button])");
      if (busy && button) button.textContent = busy;
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
    });
  });

  // A chosen file says its size before it travels.
  document.querySelectorAll("input[type=file][data-most]").forEach(function (input) {
    input.addEventListener("change", function () {
      var file = input.files && input.files[0];
      var most = Number(input.getAttribute("data-most"));
      input.setCustomValidity(file && file.size > most ? input.getAttribute("data-too-big") : "");
      input.reportValidity();
    });
  });

  // Print buttons; without script the browser's own menu does it.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // What is to be copied: chosen whole by one click, and copied by the button; without script one copies it by hand.
  document.querySelectorAll("input[data-select]").forEach(function (input) {
    input.addEventListener("focus", function () { input.select(); });
  });
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var input = document.getElementById(button.getAttribute("data-copy"));
    button.hidden = false;
    button.addEventListener("click", function () {
      input.focus();
      input.select();
      if (document.execCommand("copy")) button.textContent = button.getAttribute("data-copied");
    });
  });

  takePlace();

  // After a form with faults the summary has the focus.
  var faults = document.querySelector("[data-focus]");
  if (faults) faults.focus();
})();
