// The search field of every page: the index is a script too, fetched when the field is first entered.
import MiniSearch from "minisearch";
import {searchOptions} from "../searchOptions.mjs";

const bar = document.querySelector(".site-bar");
const field = bar?.querySelector("input[type=search]");
const list = bar?.querySelector(".site-search ul");
const MOST = 12;
let index;

function load() {
  index ??= new Promise((settle, refuse) => {
    window.siteIndex = json => settle(MiniSearch.loadJSON(json, searchOptions));
    const script = document.createElement("script");
    script.src = `${bar.dataset.root}search-index.js`;
    script.onerror = () => refuse(new Error("the search index is not there"));
    document.head.append(script);
  });
  return index;
}

function item({title, part, to, kind}) {
  const link = document.createElement("a");
  link.href = bar.dataset.root + to;
  const small = document.createElement("small");
  small.textContent = kind;
  link.append(part ? `${title}: ${part}` : title, " ", small);
  const line = document.createElement("li");
  line.append(link);
  return line;
}

async function show() {
  const found = field.value.trim() ? (await load()).search(field.value).slice(0, MOST) : [];
  list.replaceChildren(...found.map(item));
  if (field.value.trim() && found.length === 0)
    list.append(Object.assign(document.createElement("li"), {textContent: "nothing found"}));
  list.hidden = !field.value.trim();
}

field?.addEventListener("focus", () => void load());
field?.addEventListener("input", () => void show());
bar?.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    field.value = "";
    void show();
  }
  const links = [...list.querySelectorAll("a")];
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step === undefined || links.length === 0) return;
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + step;
  if (next < 0) field.focus();
  else links[Math.min(next, links.length - 1)].focus();
});
