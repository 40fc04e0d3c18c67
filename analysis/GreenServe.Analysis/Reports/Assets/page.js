// What every part of the script uses: elements, packed data, the theme, and links that land where they say.
const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
};
const makeSvg = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
};
const round = value => Number(value.toPrecision(6)).toString();

// Data stand in the page compressed. Each is unpacked once, when it is first asked for.
const isPacked = "DecompressionStream" in window;
const packs = new Map();
const unpack = async name => {
    const bytes = Uint8Array.from(atob(document.getElementById("packed-" + name).textContent), letter => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
const packed = name => {
    if (!packs.has(name))
        packs.set(
            name,
            unpack(name).then(text => (name === "plotly" ? text : JSON.parse(text))),
        );
    return packs.get(name);
};

// Theme: the system's, light or dark.
const themes = ["system", "light", "dark"];
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : darkSystem.matches);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const redraws = [];
const redraw = () => redraws.forEach(one => one());
darkSystem.addEventListener("change", redraw);
let theme = 0;
document.getElementById("theme").addEventListener("click", event => {
    theme = (theme + 1) % themes.length;
    event.currentTarget.textContent = `Theme: ${themes[theme]}`;
    if (theme === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = themes[theme];
    redraw();
});

// A link opens what its target is folded into before it goes there.
const reveal = id => {
    const target = id && document.getElementById(id);
    if (!target) return;
    let isFolded = false;
    for (let one = target; one; one = one.parentElement) {
        if (one.tagName === "DETAILS" && !one.open) isFolded = one.open = true;
    }
    // A table that is made for the link pushes the target out of view.
    if (target.classList.contains("packed")) openTable(target).then(() => target.scrollIntoView());
    else if (isFolded) target.scrollIntoView();
};
const named = address => decodeURIComponent(address.slice(1));
document.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(named(link.getAttribute("href")));
});
addEventListener("hashchange", () => reveal(named(location.hash)));
