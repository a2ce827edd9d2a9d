// A board in the browser. The kernel keeps the state: this file shows what it sends and sends back
// what was pressed. Text from files is always added to the page as text, never as HTML.

const PATIENCE = 2500; // milliseconds without an answer before the user is told
const FOCUSABLE = ["section", "article", "button", "input", "textarea", "select", "summary", "a"];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  // JupyterLab asks only the element with the focus whether to ignore its own shortcuts:
  // otherwise x on a button would cut the cell.
  if (FOCUSABLE.includes(tag)) node.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children); // strings become text
  return node;
}

function inPieces(pieces) {
  return pieces.map(([text, marked]) => (marked ? make("mark", {}, text) : text));
}

function clock(time) {
  return new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

// A text, as a link where the kernel found its address safe.
function linked(pieces, address) {
  const shown = inPieces(pieces);
  if (!/^https?:\/\//.test(address || "")) return shown;
  const link = { href: address, target: "_blank", rel: "noopener noreferrer", tabindex: -1 };
  return [make("a", link, ...shown)];
}

// What an item looks like: one text under its name, or two side by side in a table.
function reading({ heads, fields }) {
  if (heads.length < 2) {
    return [
      make("p", { class: "ab-name" }, ...heads),
      ...fields.map(({ label, cells: [cell], kind, links }) =>
        make(
          kind === "title" ? "h4" : "p",
          { class: `ab-${kind}` },
          ...(label ? [make("span", { class: "ab-label" }, label), " "] : []),
          ...linked(cell, links[0]),
        ),
      ),
    ];
  }
  const columns = heads.map((head) => make("th", { scope: "col" }, head));
  const rows = fields.map(({ label, cells, verdict, links }) =>
    make(
      "tr",
      { class: verdict.startsWith("same") ? "ab-same" : "ab-differs" },
      make("th", { scope: "row" }, label, make("span", { class: "ab-verdict" }, verdict)),
      ...cells.map((cell, at) => make("td", {}, ...linked(cell, links[at]))),
    ),
  );
  return [
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, make("td"), ...columns)),
      make("tbody", {}, ...rows),
    ),
  ];
}

function listed(decisions) {
  const count = decisions.length === 1 ? "This decision" : `These ${decisions.length} decisions`;
  return [count, decisions.length === 1 ? "was" : "were", decisions.join("; ")];
}

class View {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.setup = model.get("setup");
    this.sent = []; // decisions that the kernel has not answered yet: number and words
    this.name = Math.random().toString(36).slice(2);
    this.count = 0; // messages sent
    this.turning = false;
    this.groupInUse = 0;
    this.choices = this.setup.groups.flatMap((group, place) =>
      group.choices.map((choice) => this.makeChoice(group, place, choice)),
    );
    this.fixedKeys = this.choices.some(({ choice }) => choice.key);
    // Where choices have letters, the keys that people scroll with scroll the text.
    this.scrolls = this.fixedKeys;
    this.build();
    el.append(this.root);
    this.onState = () => this.show();
    model.on("change:state", this.onState);
    this.show();
  }

  remove() {
    this.sendNote();
    this.root.remove();
    clearTimeout(this.noteTimer);
    clearTimeout(this.listTimer);
    clearTimeout(this.patience);
    this.model.off("change:state", this.onState);
  }

  // ---- the page ------------------------------------------------------------------------------

  build() {
    const { title, groups, asks_confidence, longest_note } = this.setup;
    const button = (label, key, action) =>
      make("button", { type: "button", onclick: action }, label, " ", make("kbd", {}, key));

    this.progress = make("p", { class: "ab-progress" });
    this.bar = make("progress", { "aria-hidden": "true" });
    this.saved = make("p", { class: "ab-saved" });
    this.troubleText = make("span");
    this.trouble = make(
      "div",
      { class: "ab-trouble", role: "alert" },
      this.troubleText,
      make("button", { type: "button", onclick: () => this.send({ do: "save" }) }, "Save again"),
      make("span", {}, "Saving again keeps what is in the file and adds these changes to it."),
    );
    this.gone = make("div", { class: "ab-trouble", role: "alert", hidden: "" });
    this.told = make("p", { class: "ab-told" });
    this.reading = make("article", { class: "ab-reading", tabindex: 0, "aria-label": "Text" });
    this.search = make("input", {
      type: "search",
      placeholder: "Search the codes ( / )",
      "aria-label": "Search the codes",
      oninput: () => this.showChoices(),
    });
    this.about = make("div", { class: "ab-about", id: `about-${this.name}`, "aria-live": "off" });
    this.lists = groups.map((group, place) =>
      make(
        "div",
        { class: "ab-group", role: "group", "aria-label": group.label },
        ...(groups.length > 1 ? [make("p", { class: "ab-heading" }, group.label)] : []),
        ...this.choices.filter((entry) => entry.place === place).map(({ node }) => node),
      ),
    );
    this.nothing = make("p", { class: "ab-nothing" }, "No code matches.");
    this.sure = ["1", "2", "3"].map((value) =>
      make(
        "button",
        { type: "button", "data-value": value, onclick: () => this.send({ do: "confidence", value }) },
        { 1: "guess", 2: "fairly", 3: "sure" }[value],
      ),
    );
    this.note = make("textarea", {
      rows: 2,
      maxlength: longest_note,
      "aria-label": "Note",
      placeholder: "Note ( t )",
      oninput: () => {
        clearTimeout(this.noteTimer);
        this.noteTimer = setTimeout(() => this.sendNote(), 700);
      },
      onblur: () => this.sendNote(),
    });
    const { labels, criteria } = this.setup;
    this.labels = make("input", {
      type: "text",
      maxlength: longest_note,
      "aria-label": "Labels, separated by commas",
      placeholder: "Labels, separated by commas ( b )",
      onchange: () => this.send({ do: "labels", text: this.labels.value }),
    });
    this.team = make("p", { class: "ab-team" });
    this.criteria = make(
      "details",
      { class: "ab-criteria", open: "" },
      make("summary", {}, "Criteria"),
      make("ul", {}, ...criteria.map((line) => make("li", {}, line))),
    );
    this.makeList();
    this.number = make("input", { type: "number", min: 1, "aria-label": "Go to number" });
    this.undo = button("Undo", "z", () => this.send({ do: "undo" }));
    this.help = button("Keys", "?", () => this.showHelp());
    this.help.setAttribute("aria-expanded", "false");
    this.legend = this.makeLegend();
    this.heard = make("p", { class: "ab-heard", "aria-live": "polite" });

    const searchable = !this.fixedKeys && this.choices.length > 9;
    this.root = make(
      "section",
      {
        class: "arrowroot-board",
        tabindex: 0,
        "aria-label": title,
        onkeydown: (event) => this.onKey(event),
        // Firefox presses a button when Space is let go.
        onkeyup: (event) => {
          if (this.scrolls && event.key === " " && event.target.matches(".ab-choice")) {
            event.preventDefault();
          }
        },
      },
      make("header", {}, make("h3", {}, title), this.progress, this.saved),
      this.team,
      this.bar,
      this.gone,
      this.trouble,
      make(
        "div",
        { class: "ab-body" },
        make("div", { class: "ab-left" }, this.reading, this.about),
        make(
          "div",
          { class: "ab-choices" },
          ...(criteria.length ? [this.criteria] : []),
          ...(searchable ? [this.search] : []),
          make(
            "div",
            { class: searchable ? "ab-lists ab-many" : "ab-lists" },
            ...this.lists,
            this.nothing,
          ),
          ...(asks_confidence
            ? [
                make(
                  "div",
                  { class: "ab-sure", role: "group", "aria-label": "How sure" },
                  make("span", {}, "How sure ", make("kbd", {}, "c")),
                  ...this.sure,
                ),
              ]
            : []),
          this.note,
          ...(labels ? [this.labels] : []),
          this.told,
        ),
      ),
      make(
        "nav",
        { "aria-label": `Moving about: ${title}` },
        button("Previous", "←", () => this.go("previous")),
        button("Next", "→", () => this.go("next")),
        button("Next open", "o", () => this.go("open")),
        this.undo,
        make("label", {}, "Go to ", make("kbd", {}, "g"), " ", this.number),
        this.listButton,
        this.help,
      ),
      this.list,
      this.legend,
      this.heard,
    );
  }

  // All items, to look something up or go back to it.
  makeList() {
    this.listButton = make(
      "button",
      { type: "button", "aria-expanded": "false", onclick: () => this.showList() },
      "List ",
      make("kbd", {}, "l"),
    );
    const ask = () => {
      clearTimeout(this.listTimer);
      this.listTimer = setTimeout(() => this.askForList(), 250);
    };
    this.filter = make("select", { "aria-label": "Which ones", onchange: () => this.askForList() });
    this.find = make("input", {
      type: "search",
      "aria-label": `Search all ${this.setup.nouns[1]}`,
      placeholder: `Search all ${this.setup.nouns[1]}`,
      oninput: ask,
    });
    this.foundText = make("p", { class: "ab-found", "aria-live": "polite" });
    this.rows = make("ol", { class: "ab-rows" });
    this.list = make(
      "div",
      { class: "ab-list", role: "group", "aria-label": `All ${this.setup.nouns[1]}`, hidden: "" },
      make("div", {}, this.filter, this.find),
      this.foundText,
      this.rows,
    );
  }

  askForList() {
    const open = !this.list.hidden;
    this.send({ do: "list", open, text: this.find.value, which: this.filter.value || "all" });
  }

  showList() {
    this.list.hidden = !this.list.hidden;
    this.listButton.setAttribute("aria-expanded", String(!this.list.hidden));
    this.askForList();
    if (!this.list.hidden) this.find.focus();
  }

  fillList() {
    const { list, at } = this.state;
    if (!list) return;
    const filters = list.filters.map(([id, words]) =>
      make("option", { value: id, selected: id === list.which ? "" : false }, words),
    );
    if (document.activeElement !== this.filter) this.filter.replaceChildren(...filters);
    const more = list.of > list.rows.length ? `, the first ${list.rows.length} shown` : "";
    this.foundText.textContent = `${list.of} found${more}`;
    this.rows.replaceChildren(
      ...list.rows.map((row) =>
        make(
          "li",
          {},
          make(
            "button",
            {
              type: "button",
              "aria-current": row.at === at ? "true" : null,
              onclick: () => {
                this.go(row.at);
                this.root.focus();
              },
            },
            make("span", { class: "ab-item" }, `${row.at} ${row.name}`),
            make("span", { class: "ab-said" }, row.said),
          ),
        ),
      ),
    );
  }

  makeChoice(group, place, choice) {
    const key = make("kbd", {}, choice.key);
    const node = make(
      "button",
      {
        type: "button",
        class: "ab-choice",
        style: `--depth: ${Number(choice.depth)}`,
        "aria-describedby": choice.about.length ? `about-${this.name}` : null,
        onclick: () => this.choose(group, place, choice),
        onfocus: () => this.showAbout(choice),
        onmouseenter: () => this.showAbout(choice),
      },
      make("span", { class: "ab-tick", "aria-hidden": "true" }),
      make("span", { class: "ab-choice-label" }, choice.label),
      key,
    );
    const words = [choice.id, choice.label, ...choice.about.map(([, text]) => text)];
    return { group, place, choice, node, key, words: words.join(" ").toLowerCase() };
  }

  makeLegend() {
    const lines = this.fixedKeys
      ? [[[...new Set(this.choices.map(({ choice }) => choice.key))].join(" "), "decide, and show the next open one"]]
      : [
          ["1 – 9", "give the code with that number, or remove it"],
          ["↑ ↓", "move between the codes and read their definitions; Enter gives the code"],
          ...(this.choices.length > 9 ? [["/", "search the codes; Enter gives the first match"]] : []),
          ...(this.setup.groups.length > 1 ? [["s", "number the codes of the next scheme"]] : []),
          ["c", "how sure: guess, fairly, sure, not stated"],
        ];
    const shared = [
      ["→ or n", `next ${this.setup.nouns[0]}`],
      ["← or p", `previous ${this.setup.nouns[0]}`],
      ["o", "next one left open"],
      ["g", "go to a number"],
      ["t", "write a note"],
      ...(this.setup.labels ? [["b", "labels"]] : []),
      ["l", "list all, with a filter and a search"],
      ["Space ↓ Page Down", this.scrolls ? "read on; with Shift, ↑ or Page Up, back" : "Page Down and Page Up scroll the text"],
      ["z", "undo"],
      ["Esc", "leave a field and go back to the board"],
      ["?", "show or hide these keys"],
    ];
    return make(
      "dl",
      { class: "ab-legend", hidden: "" },
      ...[...lines, ...shared].map(([key, what]) =>
        make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)),
      ),
    );
  }

  // ---- showing -------------------------------------------------------------------------------

  show() {
    const state = this.model.get("state");
    const turned = state.item !== this.state?.item;
    this.state = state;
    const [name, number] = state.answered.split("-");
    if (name === this.name) this.sent = this.sent.filter((one) => one.number > Number(number));
    if (name === this.name && Number(number) === this.count) {
      clearTimeout(this.patience);
      this.turning = false;
    }
    if (turned) this.showItem();
    const [noun, nouns] = this.setup.nouns;
    this.progress.textContent = state.of
      ? `${state.at} of ${state.of}, ${state.open ? `${state.open} left open` : "none left open"}`
      : `No ${nouns} to decide on`;
    this.bar.max = state.of || 1;
    this.bar.value = state.of - state.open;
    this.trouble.hidden = this.ended || !state.trouble;
    this.troubleText.textContent = state.trouble;
    this.told.textContent = state.told || this.done();
    this.saved.textContent = this.savedWords();
    this.undo.disabled = this.ended || !state.can_undo;
    this.number.max = state.of;
    if (document.activeElement !== this.note) this.note.value = state.note;
    if (document.activeElement !== this.labels) this.labels.value = state.labels;
    this.team.textContent = state.team;
    this.fillList();
    for (const node of this.sure) {
      node.setAttribute("aria-pressed", String(node.dataset.value === state.confidence));
    }
    this.showChoices();
    this.keepFocus();
    this.say(turned ? noun : "");
  }

  // The kernel that kept the decisions is not there: say what is in the file and what is not.
  // `before` says whether it was there since the page was opened.
  end(before) {
    if (this.ended) return;
    clearTimeout(this.noteTimer);
    clearTimeout(this.patience);
    const { held, kept } = this.state;
    const note = this.note.value.trim();
    if (note !== this.state.note.trim()) this.remember(`note: ${note}`);
    this.ended = true;
    const why = before
      ? "The kernel behind this board has stopped or was restarted."
      : "This is the board as the notebook was saved; no kernel is behind it now.";
    const lines = [`${why} ${kept}. Run this cell again to go on.`];
    if (held.length) {
      const [these, were, words] = listed(held);
      lines.push(`${these} ${were} not saved: ${words}`);
    }
    if (this.sent.length) {
      const [these, , words] = listed(this.sent.map((one) => one.words));
      lines.push(`${these} may not have been saved; look again: ${words}`);
    }
    this.gone.replaceChildren(...lines.map((line) => make("p", {}, line)));
    this.gone.hidden = false;
    for (const node of this.root.querySelectorAll("button, input, textarea, select")) {
      if (node !== this.help) node.disabled = true;
    }
    this.show();
    this.saved.textContent = "no kernel";
  }

  remember(what) {
    this.sent.push({ number: this.count, words: `${this.state.reading.heads.join(" and ")}: ${what}` });
  }

  // A button that is hidden or disabled would lose the focus, and the keys would stop working.
  keepFocus() {
    const held = document.activeElement;
    const lost = held?.disabled || held?.closest("[hidden]");
    if (lost && this.root.contains(held)) this.root.focus({ preventScroll: true });
  }

  showItem() {
    this.note.value = this.state.note;
    this.labels.value = this.state.labels;
    this.reading.replaceChildren(...reading(this.state.reading));
    this.reading.scrollTop = 0;
    this.root.classList.toggle("ab-compares", this.state.reading.heads.length > 1);
    this.useGroup(this.nextGroup(-1));
    this.about.replaceChildren();
    this.search.value = "";
  }

  showChoices() {
    const wanted = this.search.value.trim().toLowerCase().split(/\s+/);
    let number = 0;
    for (const entry of this.choices) {
      const chosen = this.state.chosen[entry.group.id].includes(entry.choice.id);
      const { offered } = this.state;
      const fits =
        wanted.every((word) => entry.words.includes(word)) &&
        (!offered || offered.includes(entry.choice.id));
      entry.node.hidden = !fits;
      entry.node.setAttribute("aria-pressed", String(chosen));
      if (!this.fixedKeys) {
        const numbered = fits && entry.place === this.groupInUse && number < 9;
        entry.key.textContent = numbered ? String(++number) : "";
      }
      const key = entry.key.textContent;
      if (key) entry.node.setAttribute("aria-keyshortcuts", key);
      else entry.node.removeAttribute("aria-keyshortcuts");
    }
    this.nothing.hidden = this.choices.some(({ node }) => !node.hidden);
    this.lists.forEach((list, place) => {
      list.classList.toggle("ab-in-use", this.lists.length > 1 && place === this.groupInUse);
      list.hidden = !this.choices.some((entry) => entry.place === place && !entry.node.hidden);
    });
  }

  showAbout(choice) {
    if (!choice.about.length) return this.about.replaceChildren();
    return this.about.replaceChildren(
      make("p", {}, make("strong", {}, choice.label)),
      ...choice.about.map(([heading, text]) =>
        make("p", {}, make("em", {}, heading), " ", text),
      ),
    );
  }

  showHelp() {
    this.legend.hidden = !this.legend.hidden;
    if (!this.legend.hidden) this.legend.scrollIntoView({ block: "nearest" });
    this.help.setAttribute("aria-expanded", String(!this.legend.hidden));
  }

  done() {
    const { of, open, unsaved } = this.state;
    return of && !open && !unsaved ? `Nothing is left open. Everything is in ${this.setup.file}.` : "";
  }

  savedWords() {
    const { saved, unsaved } = this.state;
    if (unsaved) return "not saved";
    return saved ? `saved ${clock(saved)}` : `kept in ${this.setup.file}`;
  }

  // One sentence for screen readers.
  say(turnedTo) {
    if (this.ended) return;
    const { at, of, trouble, told } = this.state;
    const where = turnedTo ? ` ${turnedTo} ${at} of ${of}.` : "";
    this.heard.textContent = trouble ? "" : `${this.savedWords()}.${where} ${told || this.done()}`;
  }

  // ---- what was pressed ----------------------------------------------------------------------

  send(message) {
    if (this.ended) return;
    if (message.do !== "note") this.sendNote();
    this.count += 1;
    if (message.words) this.remember(message.words);
    delete message.words;
    // The next item may be about to appear: no key may decide on one that has not been seen.
    this.turning ||= message.do === "go" || (message.do === "choose" && this.setup.decides);
    this.model.send({ item: this.state.item, number: `${this.name}-${this.count}`, ...message });
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.saved.textContent = this.heard.textContent =
        "not saved: the kernel is not responding; it may be busy or stopped";
    }, PATIENCE);
  }

  sendNote() {
    clearTimeout(this.noteTimer);
    if (this.state && this.note.value.trim() !== this.state.note.trim()) {
      // So that the note is not sent twice before the answer arrives.
      this.state = { ...this.state, note: this.note.value };
      this.send({ do: "note", text: this.note.value, words: `note: ${this.note.value.trim()}` });
    }
  }

  choose(group, place, choice) {
    if (this.ended) return;
    const before = this.state.chosen[group.id];
    const adds = !before.includes(choice.id);
    const words = adds ? choice.label : `${choice.label} removed`;
    this.send({ do: "choose", group: group.id, choice: choice.id, words });
    if (this.setup.decides) return;
    // Shown at once, since the next key may come before the answer, which then replaces this.
    const after = adds
      ? [...(group.several ? before : []), choice.id]
      : before.filter((id) => id !== choice.id);
    this.state = { ...this.state, chosen: { ...this.state.chosen, [group.id]: after } };
    if (adds && !group.several) this.useGroup(this.nextGroup(place));
    this.showChoices();
  }

  // The next group after this one without a choice, or this one.
  nextGroup(place) {
    const count = this.setup.groups.length;
    for (let step = 1; step <= count; step += 1) {
      const at = (place + step + count) % count;
      if (at !== place && !this.state.chosen[this.setup.groups[at].id].length) return at;
    }
    return Math.max(place, 0);
  }

  useGroup(place) {
    this.groupInUse = place;
    const list = this.lists[place];
    const box = list.parentElement;
    const top = list.offsetTop - box.offsetTop;
    const inView = top >= box.scrollTop && top + list.offsetHeight <= box.scrollTop + box.clientHeight;
    if (!inView) box.scrollTop = top; // scroll only the box, not the page
  }

  go(to) {
    this.send({ do: "go", to });
  }

  move(step) {
    const shown = this.choices.filter(({ node }) => !node.hidden).map(({ node }) => node);
    const at = shown.indexOf(document.activeElement);
    const start = this.choices.findIndex(
      (entry) => entry.place === this.groupInUse && !entry.node.hidden,
    );
    const next = at < 0 ? shown.indexOf(this.choices[start]?.node) : at + step;
    shown[Math.min(Math.max(next, 0), shown.length - 1)]?.focus();
  }

  onKey(event) {
    if (event.isComposing || event.altKey) return;
    const typing = event.target.matches("input, textarea, select");
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "z" && !typing) this.press(event, () => this.send({ do: "undo" }));
      if (event.key === "s") this.press(event, () => this.sendNote());
    } else if (typing) this.onKeyInField(event);
    else if (this.scroll(event)) this.press(event, () => {});
    // A key that is held down is one decision, and moves on by one item.
    else if (event.repeat) this.press(event, () => {});
    else if (this.turning) this.press(event, () => {});
    else if (this.actions[event.key]) this.press(event, this.actions[event.key]);
    else {
      const hit = this.choices.find(({ key, node }) => key.textContent === event.key && !node.hidden);
      if (hit) this.press(event, () => this.choose(hit.group, hit.place, hit.choice));
    }
  }

  // Scrolls the text if the key is one that people scroll with; such keys never decide.
  scroll(event) {
    const page = this.reading.clientHeight * 0.85;
    const steps = {
      PageDown: page,
      PageUp: -page,
      ...(this.scrolls
        ? {
            " ": event.shiftKey ? -page : page,
            ArrowDown: 60,
            ArrowUp: -60,
            Home: -this.reading.scrollHeight,
            End: this.reading.scrollHeight,
          }
        : {}),
    };
    // On a button of the bar Space presses it, as everywhere; on a choice it would decide.
    const presses = event.target.closest("nav button, .ab-list button, .ab-trouble button, summary");
    if (!(event.key in steps) || (event.key === " " && presses)) return false;
    this.reading.scrollBy({ top: steps[event.key] });
    return true;
  }

  onKeyInField(event) {
    const field = event.target;
    if (event.key === "Escape") {
      this.press(event, () => {
        if (field === this.search) field.value = "";
        this.root.focus();
        this.showChoices();
      });
    } else if (field === this.search && event.key === "ArrowDown") {
      this.press(event, () => this.move(1));
    } else if (field === this.search && event.key === "Enter") {
      const first = this.choices.find(({ node }) => !node.hidden);
      this.press(event, () => {
        if (first && field.value.trim()) this.choose(first.group, first.place, first.choice);
        field.value = "";
        this.root.focus();
        this.showChoices();
      });
    } else if (field === this.labels && event.key === "Enter") {
      this.press(event, () => this.root.focus()); // leaving the field sends what is in it
    } else if (field === this.number && event.key === "Enter") {
      this.press(event, () => {
        this.go(Number(field.value));
        field.value = "";
        this.root.focus();
      });
    }
  }

  press(event, action) {
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  actions = {
    ArrowRight: () => this.go("next"),
    n: () => this.go("next"),
    ArrowLeft: () => this.go("previous"),
    p: () => this.go("previous"),
    o: () => this.go("open"),
    z: () => this.send({ do: "undo" }),
    g: () => this.number.focus(),
    t: () => this.note.focus(),
    b: () => {
      if (this.setup.labels) this.labels.focus();
    },
    l: () => this.showList(),
    "?": () => this.showHelp(),
    ArrowDown: () => this.move(1),
    ArrowUp: () => this.move(-1),
    "/": () => this.search.focus(),
    Escape: () => this.root.focus(),
    c: () => {
      if (this.setup.asks_confidence) this.send({ do: "confidence", value: "next" });
    },
    s: () => {
      const hit = this.choices.find(({ choice }) => choice.key === "s");
      if (hit) this.choose(hit.group, hit.place, hit.choice);
      else {
        this.useGroup((this.groupInUse + 1) % this.setup.groups.length);
        this.showChoices();
      }
    },
  };
}

// Tells when the kernel that holds the model is gone. What JupyterLab offers for this beyond the
// model itself is used only where it is there.
async function whenGone(model, place, told) {
  const manager = model.widget_manager;
  const held = await manager.get_model(place);
  if (!held.comm_live) told(false);
  const gone = () => told(true);
  held.on("comm_live_update", () => held.comm_live || gone());
  const session = manager.context?.sessionContext;
  session?.statusChanged?.connect((_, status) => {
    if (["restarting", "autorestarting", "terminating", "dead"].includes(status)) gone();
  });
  session?.kernelChanged?.connect(gone);
}

// A board has no view of its own in the notebook's file: JupyterLab would show "model not found"
// in its place tomorrow. It is put into an empty element that the file keeps, and while it is
// there, the words that stand in for it are hidden. Without a kernel those words are all there is.
export default {
  initialize({ model }) {
    const { place } = model.get("setup");
    const views = [];
    const hosts = document.getElementsByClassName(`arrowroot-board-at-${place}`);
    const words = `.arrowroot-stand-in-${place}`;
    const hiding = make("style", {}, `${words}, .jp-OutputArea-child:has(> * ${words}) { display: none; }`);
    let ended = null;
    const end = (before) => {
      ended ??= { before };
      for (const view of views) view.end(ended.before);
    };
    // A cell may be out of the page until it is scrolled to, and an output may be shown twice.
    const fill = () => {
      for (const host of hosts) {
        if (views.some((view) => view.el === host)) continue;
        const view = new View(model, host);
        views.push(view);
        if (ended) view.end(ended.before);
        document.head.append(hiding);
      }
      for (const view of views) if (!view.el.isConnected) view.sendNote();
    };
    const watch = new MutationObserver(fill);
    watch.observe(document.body, { childList: true, subtree: true });
    fill();
    whenGone(model, place, end);
    return () => {
      watch.disconnect();
      hiding.remove();
      for (const view of views) view.remove();
    };
  },
};
