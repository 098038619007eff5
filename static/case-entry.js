// A passage that is chosen becomes the paragraph of the box that was used last, or of the first step without one.
"use strict";
{
    const boxes = () => [...document.querySelectorAll("input[name$=paragraph]")];
    let last = null;

    document.addEventListener("focusin", (event) => {
        const row = event.target.closest?.(".case-stage");
        if (event.target.matches?.("input[name$=paragraph]")) {
            last = event.target;
        } else if (row) {
            last = row.querySelector("input[name$=paragraph]");
        } else if (!event.target.closest?.(".case-passages")) {
            last = null; // somebody is elsewhere: the next passage is for the first step without one
        }
    });

    function choose(number) {
        const box = last || boxes().find((each) => each.closest(".case-stage") && !each.value);
        if (box) {
            box.value = number;
            box.focus();
        }
    }

    for (const passage of document.querySelectorAll(".case-passages li")) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "Cite";
        button.setAttribute("aria-label", `Cite passage ${passage.dataset.number}`);
        button.addEventListener("click", () => choose(passage.dataset.number));
        passage.append(button);
    }
    document.querySelector(".with-script")?.append(", and “Cite” puts it there for the step that you are at");
}
