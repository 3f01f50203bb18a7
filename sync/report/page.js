"use strict";
// What the page does beyond its first screen: it searches and filters people and details, and makes both as they are
// asked for. Everything is put in as text, never as markup.
(() => {
  const AT_ONCE = { people: 100, projects: 50 };
  const index = JSON.parse(document.getElementById("index").textContent);
  const text = n => index.texts[n];
  const byId = id => document.getElementById(id);

  // make gives an element with a class and what is inside of it: elements or text.
  function make(tag, name, ...inside) {
    const e = document.createElement(tag);
    if (name) e.className = name;
    e.append(...inside.filter(x => x !== ""));
    return e;
  }

  function button(words, action) {
    const b = make("button", "", words);
    b.type = "button";
    b.addEventListener("click", action);
    return b;
  }

  // pager fills a list piece by piece, and offers the next piece in a paragraph below it.
  function pager(list, more, size, what, build) {
    let all = [], shown = 0;
    const step = n => {
      const before = list.childElementCount;
      list.append(...all.slice(shown, shown + n).map(build));
      shown = Math.min(all.length, shown + n);
      more.replaceChildren();
      more.hidden = shown >= all.length;
      if (!more.hidden) {
        const left = all.length - shown;
        more.append(button(`Show ${Math.min(size, left).toLocaleString("en")} more`, () => {
          step(size);
          const first = list.children[before + n];
          if (first) { first.tabIndex = -1; first.focus(); }
        }), ` of ${left.toLocaleString("en")} ${what}`);
      }
    };
    return {
      fill(rows) { all = rows; shown = 0; list.replaceChildren(); step(size); },
      whole() { if (shown < all.length) step(all.length - shown); },
    };
  }

  // commands gives a text as elements: what it has in backquotes is a command.
  function commands(words) {
    return words.split("`").map((part, i, all) => i % 2 && i < all.length - 1 ? make("code", "", part) : i % 2 ? "`" + part : part);
  }

  function buildItem(row) {
    const [subject, detail, places, sources] = row;
    const li = make("li", "", make("strong", "", subject), ...(detail ? [": ", ...commands(detail)] : []));
    if (places) li.append(" ", make("small", "", places));
    if (sources) li.append(" ", make("small", "", `(${sources})`));
    return li;
  }

  // Exceptions beyond the first of each kind.
  const itemPagers = index.items.map(([id, rows]) => {
    const more = document.querySelector(`[data-items="${id}"]`);
    const list = more.previousElementSibling;
    const put = () => { list.append(...rows.splice(0).map(buildItem)); more.hidden = true; };
    more.replaceChildren(button(`Show ${rows.length.toLocaleString("en")} more`, put));
    return put;
  });

  document.body.className = "ready";
  if (!byId("people-list")) return;

  // Every change, with the preset that it is in.
  const changes = index.presets.flatMap(([, , , , , rows], preset) => rows.map(([group, entry, mark, write = -1, why, source]) => {
    const [who, whyShort, sources] = index.entries[entry];
    return { preset, group, entry, who, mark, write, why: why ?? whyShort, source: source ?? sources };
  }));
  const lower = index.people.map(p => p.join("\n").toLowerCase());
  const projectLower = index.projects.map(p => p.join("\n").toLowerCase());

  // place parts "+ Legal in 7 presets of 6 projects" after the group's name.
  function place([cls, words, length]) {
    const [sign, , ...rest] = text(words);
    return make("li", text(cls), make("span", "sign", sign), " ", make("b", "", rest.slice(0, length).join("")), " ",
      make("span", "reach", rest.slice(length).join("")));
  }

  function buildEntry(n) {
    const [who, why, sources, groups] = index.entries[n];
    const [name, login, id] = index.people[who];
    const li = make("li", "entry");
    li.append(
      make("div", "who", make("strong", "", name), login && " ", login ? make("small", "", login) : ""),
      make("ul", "places", ...groups.map(place)),
      make("div", "why", text(why), text(sources) && " ", text(sources) ? make("small", "", text(sources)) : ""),
    );
    const where = button("Where", () => {
      byId("by-person").value = id;
      filter();
      const first = byId("project-list").querySelector("details");
      if (first) first.open = true;
      byId("details").scrollIntoView();
      byId("details").tabIndex = -1;
      byId("details").focus();
    });
    where.setAttribute("aria-label", `Where: the places of ${name}`);
    li.append(where);
    return li;
  }

  function buildRow(c) {
    const [sign, words, cls] = index.marks[c.mark];
    const [name, login] = index.people[c.who];
    const sources = text(c.source);
    const why = make("td", "", text(c.why), sources && " ", sources ? make("small", "", sources) : "");
    if (c.write >= 0) {
      const [time, status, request] = index.writes[c.write];
      why.append(make("br"), make("small", "", [time, status && "HTTP " + status, request && "request " + request].filter(Boolean).join(", ")));
    }
    const change = make("td", "change " + cls, sign + " " + words);
    return make("tr", "", make("td", "", text(c.group)), change, make("td", "person", name, login ? make("small", "", login) : ""), why);
  }

  function buildPreset(at, rows) {
    const [, template, id, remarks, troubles, all] = index.presets[at];
    const head = make("tr", "", ...["Group", "Change", "Person", "Why"].map(h => { const th = make("th", "", h); th.scope = "col"; return th; }));
    const table = make("table", "cards", make("thead", "", head), make("tbody", "", ...rows.map(buildRow)));
    const region = make("div", "scroll", table);
    const box = make("section", "preset", make("h4", "", text(template), " ", make("small", "", "preset " + id)), region);
    box.append(...troubles.map(t => make("p", "trouble", text(t))));
    if (rows.length === all.length) box.append(...remarks.map(r => make("p", "rest", text(r))));
    return box;
  }

  function buildProject([project, presets]) {
    const [title, id] = index.projects[project];
    let n = 0;
    for (const list of presets.values()) n += list.length;
    const small = make("small", "", (id ? `project ${id}, ` : "") + count(n, "change"));
    const box = make("details", "project", make("summary", "", title, " ", small));
    box.addEventListener("toggle", () => {
      if (!box.open || box.childElementCount > 1) return;
      for (const [at, list] of presets) box.append(buildPreset(at, list));
    });
    return box;
  }

  const count = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

  const people = pager(byId("people-list"), byId("people-more"), AT_ONCE.people, "entries", buildEntry);
  const projects = pager(byId("project-list"), byId("projects-more"), AT_ONCE.projects, "projects", buildProject);

  function options(id, values) {
    const select = byId(id);
    for (const v of [...new Set(values)].sort((a, b) => a.localeCompare(b, "en"))) {
      const o = make("option", "", v);
      o.value = v;
      select.append(o);
    }
  }
  options("by-template", index.presets.map(p => text(p[1])));
  options("by-group", changes.map(c => text(c.group)));
  options("by-status", index.marks.map(m => m[3]));

  function filter() {
    const person = byId("by-person").value.trim().toLowerCase(), project = byId("by-project").value.trim().toLowerCase();
    const template = byId("by-template").value, group = byId("by-group").value, status = byId("by-status").value;
    const entries = new Set(), found = new Map(), persons = new Set(), inPresets = new Set();
    let n = 0;
    for (const c of changes) {
      const [at, tmpl] = index.presets[c.preset];
      if (person && !lower[c.who].includes(person) || project && !projectLower[at].includes(project) ||
        template && text(tmpl) !== template || group && text(c.group) !== group || status && index.marks[c.mark][3] !== status) continue;
      n++;
      entries.add(c.entry);
      persons.add(c.who);
      inPresets.add(c.preset);
      if (!found.has(at)) found.set(at, new Map());
      const presets = found.get(at);
      if (!presets.has(c.preset)) presets.set(c.preset, []);
      presets.get(c.preset).push(c);
    }
    people.fill([...entries].sort((a, b) => a - b));
    projects.fill([...found]);
    const all = n === changes.length;
    byId("found").textContent = (all ? "All: " : "Found: ") + count(n, "change") + ", " +
      (persons.size === 1 ? "1 person" : `${persons.size.toLocaleString("en")} people`) + ", " + count(inPresets.size, "preset") +
      (all ? "" : ". Each entry says all that happens to the person, here and elsewhere.");
    foundHere.textContent = all ? everything : `${count(n, "change")} found, of ${changes.length.toLocaleString("en")}`;
    showAll.hidden = all;
  }

  // Where somebody's places are shown, the search form is far above.
  const foundHere = byId("found-here"), everything = foundHere.textContent;
  const showAll = button("Show all", () => { byId("filter").reset(); byId("details").focus(); });
  foundHere.after(" ", showAll);

  let waiting = 0;
  for (const id of ["by-person", "by-project"]) {
    byId(id).addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  }
  for (const id of ["by-template", "by-group", "by-status"]) byId(id).addEventListener("change", filter);
  byId("filter").addEventListener("reset", () => setTimeout(filter));
  byId("filter").addEventListener("submit", e => { e.preventDefault(); filter(); });
  // On paper: everybody who is found, and everything that is left to do.
  addEventListener("beforeprint", () => { people.whole(); itemPagers.forEach(put => put()); });
  filter();
})();
