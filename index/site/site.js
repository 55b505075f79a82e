// SPDX-License-Identifier: Apache-2.0
"use strict";
// What these pages need a script for: the address that they are at, copying, and the search. Without it they can be read all the same.
(() => {
  const root = document.currentScript.dataset.root;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (text) => { document.getElementById("said").textContent = text; };

  // The address of the index is where this page is.
  const index = new URL(root + "simple/", location.href);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(index.hostname);
  const forShell = (text) => /^[\w@%+=:,.\/~-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
  for (const code of all(".code code")) {
    const quote = code.textContent.startsWith("pip ") ? forShell : (text) => text;
    for (const span of all(".address", code)) span.textContent = quote(index.href);
    if (index.protocol === "http:" && !local) { // pip trusts no host without TLS but its own
      for (const span of all(".trusted", code)) span.textContent = span.dataset.before + index.hostname;
    }
  }
  for (const note of all("[data-when]")) {
    note.hidden = note.dataset.when !== (index.protocol === "file:" ? "file" : local ? "local" : "");
  }

  // Browsers have a clipboard for pages that come over TLS, if they let them, and an older way for the others.
  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent.trim());
    } catch {
      getSelection().selectAllChildren(code);
      if (!document.execCommand("copy")) throw new Error("the browser does not copy");
    }
  };
  for (const box of all(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.onclick = () => copy(box.firstElementChild).then(
      () => { button.textContent = "Copied"; say("Copied"); setTimeout(() => { button.textContent = "Copy"; say(""); }, 2000); },
      () => { getSelection().selectAllChildren(box.firstElementChild); say("It is selected: press Ctrl+C"); });
    box.append(button);
  }

  const input = document.getElementById("search");
  if (!input) return;
  const table = document.getElementById("packages");
  const body = table.tBodies[0];
  const shown = 50; // of a large catalogue, for one search
  const plain = (text) => text.toLowerCase().replace(/[-_.]+/g, "-");
  const entryOf = (name, summary, row) => ({ name: plain(name), text: plain(name + " " + summary), row });
  let entries = all("tr", body).map((row) => {
    const [link, summary] = row.cells[0].children;
    return entryOf(link.textContent, summary ? summary.textContent : "", () => row);
  });

  // A large catalogue comes in a script of its own, when someone searches.
  const makeRow = ([slug, name, summary, ...newest]) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row" });
    head.append(Object.assign(document.createElement("a"), { href: root + "packages/" + slug + "/index.html", textContent: name }));
    if (summary) head.append(" ", Object.assign(document.createElement("span"), { textContent: summary }));
    row.append(head, ...newest.map((version) => Object.assign(document.createElement("td"), { textContent: version || "–" })));
    return row;
  };
  const load = () => {
    if (!input.dataset.more || window.found) return;
    window.found = (rows) => {
      entries = rows.map((row) => entryOf(row[1], row[2], () => makeRow(row)));
      search();
    };
    document.head.append(Object.assign(document.createElement("script"), { src: root + input.dataset.more }));
  };

  const rank = (entry, query) => entry.name === query ? 0 : entry.name.startsWith(query) ? 1 : entry.name.includes(query) ? 2 : 3;
  const search = () => {
    load();
    const query = plain(input.value.trim());
    const words = query.split(/\s+/).filter(Boolean);
    const many = "more" in input.dataset;
    const hits = many && !words.length ? [] : entries.filter((entry) => words.every((word) => entry.text.includes(word)));
    hits.sort((a, b) => rank(a, query) - rank(b, query) || (a.name < b.name ? -1 : 1));
    body.replaceChildren(...hits.slice(0, many ? shown : hits.length).map((entry) => entry.row()));
    table.hidden = !hits.length;
    document.getElementById("count").textContent = !words.length || !entries.length ? ""
      : !hits.length ? "No package fits." : hits.length === 1 ? "1 package" : hits.length + " packages" + (many && hits.length > shown ? ", the first " + shown + " here" : "");
  };
  input.form.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") || input.value;
  input.addEventListener("input", search);
  input.addEventListener("focus", load);
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = input.value.trim() && body.querySelector("a");
    if (first) location.href = first.href;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
  if (input.value) search();
})();
