// Texts to copy: the clipboard is there only where the page may use it.
for (const box of all(".snippet")) {
    const copy = make("button", { type: "button", class: "copy" }, "Copy");
    copy.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(box.querySelector("pre").textContent);
            copy.textContent = "Copied";
        } catch {
            getSelection().selectAllChildren(box.querySelector("pre"));
            copy.textContent = "Selected: press Ctrl+C";
        }
        setTimeout(() => {
            copy.textContent = "Copy";
        }, 2000);
    });
    box.append(copy);
}

// In print every figure is its picture, and what is folded is open. Tables that nobody has opened stay in their CSV files.
let unfolded = [];
addEventListener("beforeprint", () => {
    unfolded = all("details:not([open])").filter(one => !one.querySelector(".packed:empty"));
    unfolded.forEach(one => {
        one.open = true;
    });
});
addEventListener("afterprint", () =>
    unfolded.forEach(one => {
        one.open = false;
    }),
);

reveal(named(location.hash));
