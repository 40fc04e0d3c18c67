// Tables: made when a reader opens them, sorted by a column, filtered by words. Absent values come last either way.
const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.classList.contains("absent") ? null : cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
};
const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
const activate = box => {
    const body = box.querySelector("tbody");
    const rows = Array.from(body.rows);
    const heads = all("th", box);
    const status = box.querySelector("[role=status]");
    heads.forEach((head, column) =>
        head.firstChild.addEventListener("click", () => {
            const order = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
            const next = order === undefined ? "ascending" : order;
            heads.forEach(other => other.removeAttribute("aria-sort"));
            if (next) head.setAttribute("aria-sort", next);
            const sign = next === "descending" ? -1 : 1;
            body.append(
                ...(next === null
                    ? rows
                    : rows.slice().sort((a, b) => {
                          const [x, y] = [keyOf(a, column), keyOf(b, column)];
                          return x === null ? (y === null ? 0 : 1) : y === null ? -1 : sign * compare(x, y);
                      })),
            );
        }),
    );
    box.querySelector("input").addEventListener("input", event => {
        const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const row of rows) {
            const text = row.textContent.toLowerCase();
            const cells = Array.from(row.cells, cell => " " + cell.textContent.toLowerCase()).join(" ");
            row.hidden = !words.every(word => text.includes(word) || cells.includes(word));
            shown += row.hidden ? 0 : 1;
        }
        status.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
    });
    body.addEventListener("pointerover", event => {
        const cell = event.target.closest("td[data-v]");
        if (!cell || cell.title) return;
        cell.title =
            `${heads[cell.cellIndex].dataset.c} = ${cell.dataset.v}` +
            (cell.dataset.l ? `, 95 % interval ${cell.dataset.l} to ${cell.dataset.h}` : "") +
            (cell.dataset.b ? `, 80 % of measurements ${cell.dataset.b}` : "");
    });
};
all(".rows").forEach(activate);

const cellOf = cell => {
    const element = make("td", {}, cell.text);
    if (cell.style) element.className = cell.style;
    for (const [name, value] of [
        ["v", cell.value],
        ["l", cell.low],
        ["h", cell.high],
        ["b", cell.band],
    ]) {
        if (value !== undefined) element.dataset[name] = value;
    }
    if (cell.why) element.title = `not measured: ${cell.why}`;
    if (cell.note) element.append(make("small", {}, cell.note));
    return element;
};
const tableOf = (id, table) => {
    const heads = table.columns.map(column =>
        make("th", { scope: "col", "data-c": column.name }, make("button", { type: "button" }, column.title)),
    );
    const filter = make("input", { type: "search", autocomplete: "off", "aria-controls": `${id}-table` });
    const box = make(
        "div",
        { class: "rows" },
        make(
            "div",
            { class: "filter" },
            make("label", {}, "Filter rows ", filter),
            make("span", { role: "status" }, `${table.rows.length} rows`),
        ),
        make(
            "div",
            { class: "scroll", tabindex: "0", role: "region", "aria-label": table.caption },
            make(
                "table",
                { id: `${id}-table` },
                make("caption", {}, table.caption),
                make("thead", {}, make("tr", {}, ...heads)),
                make("tbody", {}, ...table.rows.map(row => make("tr", {}, ...row.map(cellOf)))),
            ),
        ),
    );
    activate(box);
    return box;
};
const made = new Map();
const makeTable = async place => place.replaceChildren(tableOf(place.id, (await packed("tables"))[place.id]));
const openTable = place => {
    if (!made.has(place)) made.set(place, makeTable(place));
    return made.get(place);
};
if (isPacked) {
    for (const place of all(".packed")) {
        const fold = place.closest("details");
        place.classList.add("pinned");
        fold.addEventListener("toggle", () => {
            if (fold.open) openTable(place);
        });
    }
}
