"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const body = table.tBodies[0];
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const search = document.getElementById("search");
  const account = document.getElementById("account");
  const region = document.getElementById("region");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const totals = [...document.querySelectorAll(".total")];
  const cells = [...document.querySelectorAll(".cell")];
  const headings = [...table.tHead.rows[0].cells];
  const number = new Intl.NumberFormat("en");
  const collator = new Intl.Collator("en", { numeric: true });
  const ruleText = [...document.querySelectorAll(".group")].map((group) =>
    [...group.querySelectorAll(".findings li")].map((item) => item.textContent));
  const place = new Map();
  const rows = [...body.rows].map((row, index) => {
    place.set(row, index);
    const data = row.dataset;
    const rules = data.f ? data.f.split(" ").map((item) => ruleText[data.g][item]).join(" ") : "";
    return {
      row, fits: true, account: data.a, region: row.cells[2].textContent, state: data.s,
      text: `${row.textContent} ${data.a} ${data.l ?? ""} ${rules}`.toLowerCase(),
    };
  });

  // A browser lays out some thousand rows at once quickly, and more only where the reader gets to.
  const CHUNK = 2500;
  const rest = document.getElementById("rest");
  let order = rows;
  let limit = CHUNK;

  const draw = () => {
    let count = 0;
    for (const one of order) {
      const hides = !one.fits || count >= limit;
      if (one.row.hidden !== hides) one.row.hidden = hides;
      if (one.fits) count += 1;
    }
    rest.hidden = count <= limit;
    return count;
  };

  const more = () => {
    limit += CHUNK;
    draw();
  };

  const collapse = () => {
    for (const detail of body.querySelectorAll(".detail")) {
      detail.previousElementSibling.querySelector("button").setAttribute("aria-expanded", "false");
      detail.remove();
    }
  };

  const complete = () => table.classList.add("whole");

  const filter = () => {
    complete();
    collapse();
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(totals.filter((one) => one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.state));
    for (const one of rows) {
      one.fits = (!states.size || states.has(one.state))
        && (!account.value || one.account === account.value)
        && (!region.value || one.region === region.value)
        && words.every((word) => one.text.includes(word));
    }
    limit = CHUNK;
    const count = draw();
    shown.textContent = `${number.format(count)} of ${number.format(rows.length)} shown`;
    none.hidden = count > 0;
    for (const cell of cells) {
      cell.classList.toggle("chosen", cell.dataset.account === account.value && cell.dataset.region === region.value);
    }
  };

  const sort = (column) => {
    complete();
    collapse();
    const heading = headings[column];
    const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of headings) other.setAttribute("aria-sort", other === heading ? direction : "none");
    const sign = direction === "ascending" ? 1 : -1;
    const keyed = rows.map((one) => [one.row.cells[column].textContent, one]);
    keyed.sort((left, right) => sign * collator.compare(left[0], right[0]));
    order = keyed.map((pair) => pair[1]);
    limit = CHUNK;
    draw();
    const sorted = document.createDocumentFragment();
    for (const one of order) sorted.append(one.row);
    body.append(sorted);
  };

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };

  const detailOf = (row) => {
    const cell = document.createElement("td");
    cell.colSpan = row.cells.length;
    const group = document.getElementById(`group-${row.dataset.g}`);
    const changes = group.querySelector(".changes");
    const list = document.createElement("ul");
    list.className = "findings";
    const items = group.querySelectorAll(".findings li");
    for (const number of (row.dataset.f?.split(" ") ?? [])) {
      const item = items[number].cloneNode(true);
      item.querySelector(".only")?.remove();
      list.append(item);
    }
    const told = document.createElement("dl");
    const more = facts[place.get(row)];
    const labels = row.dataset.l ? [["labels", row.dataset.l]] : [];
    const account = [["account", row.dataset.a]];
    for (const [label, text] of [...account, ...labels, ...more]) told.append(element("dt", label), element("dd", text));
    if (changes) cell.append(changes.cloneNode(true));
    if (list.children.length) cell.append(list);
    if (!changes && !list.children.length && !more.length) cell.append(element("p", row.cells[row.cells.length - 2].textContent || "Nothing to change."));
    cell.append(told);
    const made = document.createElement("tr");
    made.className = "detail";
    made.append(cell);
    return made;
  };

  body.addEventListener("click", (event) => {
    const button = event.target.closest("th button");
    if (!button) return;
    const row = button.closest("tr");
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) row.nextElementSibling.remove();
    else row.after(detailOf(row));
  });

  table.tHead.addEventListener("click", (event) => {
    const heading = event.target.closest("th");
    if (heading) sort(headings.indexOf(heading));
  });

  for (const total of totals) {
    total.addEventListener("click", () => {
      total.setAttribute("aria-pressed", String(total.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }

  const choose = (cell) => {
    const isChosen = cell.classList.contains("chosen");
    account.value = isChosen ? "" : cell.dataset.account;
    region.value = isChosen ? "" : cell.dataset.region;
    filter();
    if (!isChosen) {
      const title = document.getElementById("clusters");
      title.focus({ preventScroll: true });
      title.scrollIntoView();
    }
  };

  const map = document.querySelector(".map");
  cells[0]?.setAttribute("tabindex", "0");
  map.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (cell) choose(cell);
  });
  map.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const from = event.target.closest("td");
    if (!step || !from) return;
    event.preventDefault();
    let [y, x] = [from.parentNode.rowIndex, from.cellIndex];
    for (;;) {
      y += step[0];
      x += step[1];
      const to = map.rows[y]?.cells[x]?.querySelector(".cell");
      if (to) {
        event.target.setAttribute("tabindex", "-1");
        to.setAttribute("tabindex", "0");
        to.focus();
        return;
      }
      if (!map.rows[y]?.cells[x]) return;
    }
  });

  let waiting = 0;
  search.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(filter);
  });
  account.addEventListener("change", filter);
  region.addEventListener("change", filter);
  const form = search.form;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    for (const total of totals) total.setAttribute("aria-pressed", "false");
    requestAnimationFrame(filter);
  });

  rest.querySelector("button").addEventListener("click", more);
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) more();
  }, { rootMargin: "1000px" }).observe(rest);
  draw();

  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  window.addEventListener("load", () => whenIdle(complete, { timeout: 1000 }));

  const open = () => {
    const target = location.hash.startsWith("#group-") && document.getElementById(location.hash.slice(1));
    if (target) target.open = true;
  };
  window.addEventListener("hashchange", open);
  open();
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
    limit = rows.length;
    draw();
  });
  window.addEventListener("afterprint", () => {
    limit = CHUNK;
    draw();
    for (const one of closed) one.open = false;
  });
})();
