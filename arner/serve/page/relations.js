// Relations and the rules behind them, as elements. Text goes in as text, never as markup.

import { number, word } from "./words.js";

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const KNOWN = new Set(["PER", "LOC", "ORG", "MISC"]);

export function who(entity) {
  return element("bdi", { class: `who ${KNOWN.has(entity.type) ? entity.type : ""}`, lang: "ar" }, entity.name);
}

export function typeName(type) {
  return KNOWN.has(type) ? word(type) : type;
}

export function claimItem(number_, fired, entities, labels) {
  const relation = fired.relation;
  const verb = element("span", { class: "verb", lang: "ar" }, labels.relations[relation.type] ?? relation.type);
  const say = element("button", { type: "button", class: "say" }, who(entities[relation.subject]), " ", verb, " ",
    who(entities[relation.object]));
  const item = element("li", { class: `claim ${relation.polarity}`, "data-number": number_ }, say);
  const badges = element("div");
  if (relation.polarity === "negated") badges.append(element("span", { class: "badge no" }, word("negated")), " ");
  if (relation.status !== "actual") badges.append(element("span", { class: "badge" }, word(relation.status)), " ");
  if (relation.when) {
    const badge = element("span", { class: "badge" }, element("bdi", { lang: "ar" }, relation.when.text));
    if (relation.when.iso) badge.append(" · ", element("time", { datetime: relation.when.iso, dir: "ltr" }, relation.when.iso));
    badges.append(badge, " ");
  }
  if (relation.role) badges.append(element("span", { class: "badge" }, element("bdi", { lang: "ar" }, relation.role)));
  if (badges.childNodes.length) item.append(badges);
  item.append(element("blockquote", { lang: "ar", dir: "rtl" }, relation.evidence.text), ruleDetails(fired, entities));
  return item;
}

function ruleDetails(fired, entities) {
  const list = element("dl");
  row(list, "trigger", element("bdi", { lang: "ar" }, `«${fired.trigger.text}»`));
  slotRows(list, fired, entities);
  row(list, "pattern", element("code", { dir: "ltr" }, fired.pattern));
  row(list, "scored", number(fired.relation.score));
  row(list, "file", element("code", { dir: "ltr" }, `${fired.file}:${fired.line}`));
  const summary = element("summary", {}, `${word("rule")} `, element("code", { dir: "ltr" }, fired.rule),
    element("span", { class: "dim" }, ` · ${fired.relation.type.replaceAll("_", " ")}`));
  return element("details", { class: "rule" }, summary, list);
}

export function nearItem(miss, entities) {
  const list = element("dl");
  row(list, "reason", element("bdi", { dir: "auto", lang: "en" }, `${miss.reason}: ${miss.message}`));
  row(list, "trigger", element("bdi", { lang: "ar" }, `«${miss.trigger.text}»`));
  row(list, "would", miss.types.map((type) => type.replaceAll("_", " ")).join(", "));
  slotRows(list, miss, entities);
  row(list, "pattern", element("code", { dir: "ltr" }, miss.pattern));
  row(list, "file", element("code", { dir: "ltr" }, `${miss.file}:${miss.line}`));
  return element("li", { class: "claim" }, element("code", { dir: "ltr" }, miss.rule), element("div", { class: "rule" }, list));
}

function slotRows(list, reading, entities) {
  for (const slot of reading.slots) {
    const names = slot.entities.map((id) => entities[id]?.name).filter(Boolean);
    const parts = [`${word(`${slot.how}_how`)} `];
    if (slot.words) parts.push(element("bdi", { lang: "ar" }, `«${slot.words.text}»`));
    if (names.length && names.join() !== slot.words?.text) parts.push(" = ", element("bdi", { lang: "ar" }, names.join("، ")));
    const term = element("dt", {}, element("code", { dir: "ltr" }, `{${slot.slot}}`));
    list.append(term, element("dd", {}, ...parts));
  }
}

function row(list, name, ...content) {
  list.append(element("dt", {}, word(name)), element("dd", {}, ...content));
}
