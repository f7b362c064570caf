"use strict";
// Lights up all that belongs to a relation, in the text, the list, the graph and the timeline, while one of its places
// is pointed at or has the focus, and after its words were jumped to. Places of relation n have the class rn or vn.
(() => {
  const numbersOf = (place) => [...(place.classList ?? [])].filter((name) => /^[rv]\d+$/.test(name)).map((name) => name.slice(1));
  const places = new Map();
  for (const place of document.querySelectorAll("main [class]")) {
    for (const number of numbersOf(place)) {
      if (!places.has(number)) places.set(number, []);
      places.get(number).push(place);
    }
  }
  const around = (node) => {
    for (let place = node; place?.classList; place = place.parentElement) {
      const numbers = numbersOf(place);
      if (numbers.length) return numbers;
    }
    return [];
  };
  const followed = () => (/^#p\d+$/.test(location.hash) ? [location.hash.slice(2)] : []);
  let pointed = [], focused = [], lit = [];
  const settle = () => {
    for (const place of lit) place.classList.remove("lit");
    const numbers = pointed.length ? pointed : focused.length ? focused : followed();
    lit = numbers.flatMap((number) => places.get(number) ?? []);
    for (const place of lit) place.classList.add("lit");
  };
  document.addEventListener("pointerover", (event) => { pointed = around(event.target); settle(); });
  document.documentElement.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "touch") return; // a finger that is lifted leaves, too; what it touched stays lit
    pointed = [];
    settle();
  });
  document.addEventListener("focusin", (event) => { focused = around(event.target); settle(); });
  document.addEventListener("focusout", () => { focused = []; settle(); });
  addEventListener("hashchange", settle);
  // From the words to the list, where the list scrolls beside them; elsewhere the text would jump out of sight.
  document.querySelector(".arner-text").addEventListener("click", (event) => {
    const claim = document.getElementById(`r${around(event.target)[0]}`);
    if (claim && getComputedStyle(claim.parentElement).maxHeight !== "none") claim.scrollIntoView({ block: "nearest" });
  });
  settle();
})();
