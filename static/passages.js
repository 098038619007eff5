// Where words of a passage are selected, the link of that passage cites these words alone. Places count code points.
"use strict";
{
    const points = (text) => [...text].length;

    // What a page writes out, such as marks that turn text round, is no longer letter for letter what the source has.
    const isAsPrinted = (words) => points(words.textContent) === Number(words.dataset.length);

    function cites(passage, start, end, text) {
        const link = passage.querySelector("a.cite");
        link.dataset.whole ??= link.href;
        link.dataset.label ??= link.innerHTML;
        const address = new URL(link.dataset.whole);
        if (end > start) {
            address.searchParams.set("start", start);
            address.searchParams.set("end", end);
            link.textContent = `Cite “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
        } else {
            link.innerHTML = link.dataset.label;
        }
        link.href = address.href;
    }

    function selected() {
        const selection = document.getSelection();
        if (!selection.rangeCount || selection.isCollapsed) {
            return; // pressing the link clears a selection, and must not change where it leads
        }
        const range = selection.getRangeAt(0);
        const within = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".words");
        const words = within(range.startContainer);
        for (const each of document.querySelectorAll("a.cite[data-whole]")) {
            cites(each.closest(".passage"), 0, 0, "");
        }
        if (!words || !isAsPrinted(words) || !words.closest(".passage").querySelector("a.cite")) {
            return;
        }
        const own = range.cloneRange();
        if (within(range.endContainer) !== words) {
            own.setEnd(words, words.childNodes.length); // what goes on into the next passage ends with this one
        }
        const before = document.createRange();
        before.setStart(words, 0);
        before.setEnd(own.startContainer, own.startOffset);
        const raw = own.toString(), text = raw.trim();
        const start = Number(words.dataset.start) + points(before.toString()) + points(raw) - points(raw.trimStart());
        cites(words.closest(".passage"), start, start + points(text), text);
    }

    document.addEventListener("selectionchange", selected);
    selected(); // what was selected before this was there
}
