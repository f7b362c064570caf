// The page: sends a text to the server, shows what it read.

import { claimItem, element, nearItem, typeName, who } from "./relations.js";
import { currentLanguage, number, setLanguage, word } from "./words.js";

const EXAMPLE = `أنقرة – التقى وزير الخارجية المصري سامح شكري، الثلاثاء، نظيره التركي هاكان فيدان في أنقرة، وبحثا الوضع في السودان.
ولم يزر فيدان القاهرة هذا العام، بحسب المتحدث باسم وزارة الخارجية المصرية أحمد أبو زيد. ومن المقرر أن يزور الرئيس التركي رجب طيب أردوغان القاهرة الشهر المقبل، حيث يستقبله الرئيس عبد الفتاح السيسي.`;

const at = (id) => document.getElementById(id);
let labels = { relations: {}, types: {}, status: {} };
let shown = null;
let running = null;

function say(text) {
  at("status").textContent = text;
}

function complain(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

async function read(event) {
  event?.preventDefault();
  const text = at("input").value;
  complain("");
  if (!text.trim()) {
    complain(word("nothing"));
    at("input").focus();
    return;
  }
  running?.abort();
  const mine = (running = new AbortController());
  const body = { text, html: true, min_score: Number(at("score").value) };
  if (at("date").value) body.date = at("date").value;
  const headers = { "content-type": "application/json" };
  if (at("token").value) headers.authorization = `Bearer ${at("token").value}`;
  say(word("reading"));
  at("results").setAttribute("aria-busy", "true");
  try {
    const response = await fetch("v1/explain", { method: "POST", headers, body: JSON.stringify(body), signal: mine.signal });
    const answer = await response.json();
    if (response.ok) show(answer);
    else refuse(response, answer);
  } catch (error) {
    if (error.name === "AbortError") return;
    say("");
    complain(word("unreached"));
  }
  at("results").removeAttribute("aria-busy");
}

function refuse(response, problem) {
  say("");
  if (response.status === 401) {
    at("token-field").hidden = false;
    at("token").focus();
    complain(word("wantsToken"));
    return;
  }
  const after = response.headers.get("retry-after");
  complain([problem.detail ?? response.statusText, after ? word("retry", after) : ""].join(" ").trim());
}

function show(answer) {
  shown = answer;
  const { document: read, fired, near_misses: misses } = answer.explanation;
  const entities = Object.fromEntries(read.entities.map((entity) => [entity.id, entity]));
  at("marked").replaceChildren(...parsed(answer.html.text));
  at("drawn").replaceChildren(...parsed(answer.html.graph));
  fit(at("drawn").querySelector("svg"));
  at("graph").hidden = !answer.html.graph;
  at("legend").replaceChildren(...legend());
  at("claim-list").replaceChildren(...fired.map((rule, n) => claimItem(n + 1, rule, entities, labels)));
  at("no-claims").hidden = fired.length > 0;
  at("entity-rows").replaceChildren(...read.entities.map(entityRow));
  at("entities").hidden = !read.entities.length;
  at("near").hidden = !misses.length;
  at("near-count").textContent = number(misses.length);
  at("near-list").replaceChildren(...misses.map((miss) => nearItem(miss, entities)));
  at("json-text").textContent = JSON.stringify(read, null, 2);
  at("model").textContent = read.model;
  at("results").hidden = false;
  say(word("done", number(read.entities.length), number(read.relations.length)));
}

// What the server made of the text is escaped there; the page's policy forbids script and style in it besides.
function parsed(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

function fit(svg) {
  if (!svg) return;
  const width = svg.viewBox.baseVal.width;
  svg.style.maxWidth = `${width}px`;
  svg.style.minWidth = `min(${width}px, 60rem)`;
  const frame = at("drawn"); // on a phone it is wider than the screen: its middle is shown first
  requestAnimationFrame(() => (frame.scrollLeft = (frame.clientWidth - frame.scrollWidth) / 2));
}

function legend() {
  const marks = ["PER", "LOC", "ORG", "MISC"].flatMap((type) => [element("mark", { class: type }, word(type)), " "]);
  return [...marks, element("span", {}, word("underlined"))];
}

function entityRow(entity) {
  const aliases = entity.aliases.filter((alias) => alias !== entity.name);
  const link = entity.wikidata
    ? element("a", { href: `https://www.wikidata.org/wiki/${entity.wikidata}`, rel: "noreferrer" }, entity.wikidata)
    : "";
  return element("tr", {},
    element("th", { scope: "row" }, who(entity)),
    element("td", {}, typeName(entity.type)),
    element("td", {}, element("bdi", { lang: "en" }, entity.name_en ?? "")),
    element("td", {}, element("bdi", { lang: "ar" }, aliases.join("، "))),
    element("td", {}, link));
}

function numberOf(target) {
  const place = target.closest?.("[data-number], .edge, [class^='v']");
  if (!place) return [];
  if (place.dataset.number) return [place.dataset.number];
  return [...place.classList].filter((name) => /^[rv][0-9]+$/.test(name)).map((name) => name.slice(1));
}

function light(numbers) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const n of numbers) {
    for (const place of document.querySelectorAll(`#marked .v${n}, #drawn .r${n}, .claim[data-number="${n}"]`)) {
      place.classList.add("lit");
    }
  }
}

function save() {
  const address = URL.createObjectURL(new Blob([at("json-text").textContent], { type: "application/json" }));
  element("a", { href: address, download: "arner.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function start() {
  setLanguage(currentLanguage());
  at("form").addEventListener("submit", read);
  at("example").addEventListener("click", () => {
    at("input").value = EXAMPLE;
    read();
  });
  at("input").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) read(event);
  });
  at("score").addEventListener("input", () => {
    at("score-shown").textContent = number(at("score").value);
  });
  at("language").addEventListener("click", () => {
    setLanguage(currentLanguage() === "ar" ? "en" : "ar");
    if (shown) show(shown);
  });
  for (const kind of ["mouseover", "focusin"]) {
    at("results").addEventListener(kind, (event) => light(numberOf(event.target)));
  }
  at("claim-list").addEventListener("click", (event) => {
    const button = event.target.closest("button.say");
    const [n] = button ? numberOf(button) : [];
    const place = n && at("marked").querySelector(`.v${n}`);
    if (!place) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    place.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    light([n]);
  });
  at("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(at("json-text").textContent);
    say(word("copied"));
  });
  at("copy").hidden = !navigator.clipboard; // only where the connection is secure or the server is this machine
  at("download").addEventListener("click", save);
  try {
    labels = await (await fetch("page/labels.json")).json();
  } catch {
    complain(word("unreached"));
  }
}

start();
