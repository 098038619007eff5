// With script, boxes that take a code become select lists, and boxes that name a record become lists to search.
// records/admin/boxes.py writes the boxes. This runs before Django's own scripts look at the page: see its “defer”.
"use strict";
{
    const KEPT = ["aria-describedby", "aria-invalid", "aria-label", "disabled", "id", "name"];

    function takePlace(box, control, select) {
        if (box.autofocus) {
            select.dataset.first = ""; // a browser would focus the list itself, which the box to search in hides
        }
        for (const name of KEPT) {
            if (box.hasAttribute(name)) {
                select.setAttribute(name, box.getAttribute(name));
            }
        }
        box.replaceWith(control);
    }

    // Rows are added as copies of an empty one: what is chosen has to stand in the attributes, which alone are copied.
    function choose(select, key, words) {
        const option = [...select.options].find((each) => each.value === key) ||
            select.appendChild(new Option(words, key));
        option.defaultSelected = option.selected = true;
    }

    function becomeList(box) {
        const select = document.createElement("select");
        select.append(...box.list.cloneNode(true).children);
        if (box.value || select.querySelector('[value=""]')) {
            choose(select, box.value, box.dataset.text || box.value);
        }
        takePlace(box, select, select);
    }

    function becomePicker(box) {
        const wrapper = document.getElementById("picker").content.firstElementChild.cloneNode(true);
        const [select, link] = wrapper.children;
        [select.dataset.appLabel, select.dataset.modelName, select.dataset.fieldName] = box.dataset.of.split(".");
        if (box.value) {
            choose(select, box.dataset.key || box.value, box.dataset.text || box.value);
        }
        if (box.dataset.add) {
            link.id = `add_${box.id}`;
            link.href = `${box.dataset.add}?_to_field=id&_popup=1`;
        } else {
            link.remove();
        }
        takePlace(box, wrapper, select);
    }

    // A list to search tells what is chosen in it, and not what it is for: its box knows.
    function nameLists() {
        for (const shown of document.querySelectorAll(".select2-selection[aria-labelledby]")) {
            const select = shown.closest(".select2-container").previousElementSibling;
            const label = document.querySelector(`label[for="${select.id}"]`);
            if (label) {
                label.id = `${select.id}-label`;
            }
            const name = label?.id || select.id;
            shown.setAttribute("aria-labelledby", `${name} select2-${select.id}-container`);
            shown.firstElementChild.setAttribute("aria-labelledby", name);
        }
    }

    // Django gives the focus to the first control of a form, which is a button where those stand on top as well.
    function focusFirst() {
        const first = document.querySelector("[autofocus], [data-first]");
        const list = first?.nextElementSibling?.querySelector(".select2-selection");
        const active = document.activeElement;
        if (active?.type === "submit" || !active?.value) { // who has begun to type elsewhere is left there
            (list || first)?.focus();
        }
    }

    // After Django's own, which makes the lists and was there first.
    window.django?.jQuery(nameLists);
    window.addEventListener("load", () => setTimeout(focusFirst));
    document.addEventListener("formset:added", () => setTimeout(nameLists));
    document.querySelectorAll("input[list]").forEach(becomeList);
    document.querySelectorAll("input[data-of]").forEach(becomePicker);
}
