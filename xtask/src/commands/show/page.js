// Moves through the table row by row, both sides at once. Without scripts the table tells everything.
(() => {
    'use strict';
    const at = (id) => document.getElementById(id);
    const rows = [...document.querySelectorAll('#trace tbody tr')];
    const operations = rows.flatMap((row, index) => (row.classList.contains('op') ? [index] : []));
    const wrong = rows.findIndex((row) => row.classList.contains('wrong') && !row.classList.contains('op'));
    const difference = wrong >= 0 ? wrong : rows.findIndex((row) => row.classList.contains('wrong'));
    const slider = at('slider');
    const sides = ['yours', 'reference'].map(at).flatMap((box, index) => (box ? [{ box, column: index }] : []));
    const alone = sides.length === 1;
    let here = 0;

    const operation = (row) => operations.filter((index) => index <= row).at(-1) ?? 0;
    const cell = (row, column) => rows[row].classList.contains('op') ? null : rows[row].cells[alone ? 0 : column];

    /** The last picture of this side up to here, and what it says in this row. */
    const fill = ({ box, column }) => {
        const parts = [];
        for (let row = here; row >= 0 && parts.length === 0; row -= 1) {
            const state = cell(row, column)?.querySelector('.state');
            if (state) parts.push(state.cloneNode(true));
        }
        const now = cell(here, column);
        if (now && now.textContent && !now.querySelector('.state')) {
            const words = document.createElement('p');
            words.className = `now ${now.className}`;
            words.textContent = now.textContent;
            parts.push(words);
        }
        box.replaceChildren(...parts);
        box.parentElement.classList.toggle('wrong', rows[here].classList.contains('wrong'));
    };

    const go = (row, scroll = true) => {
        rows[here].classList.remove('here');
        here = Math.max(0, Math.min(rows.length - 1, row));
        rows[here].classList.add('here');
        slider.value = here;
        const operationRow = rows[operation(here)];
        at('where').textContent = operationRow.textContent;
        sides.forEach(fill);
        if (scroll) rows[here].scrollIntoView({ block: 'nearest' });
    };
    const jump = (by) => {
        const next = by > 0 ? operations.find((index) => index > here) : operations.filter((index) => index < here).at(-1);
        go(next ?? (by > 0 ? rows.length - 1 : 0));
    };

    const keys = {
        ArrowLeft: (shift) => (shift ? jump(-1) : go(here - 1)),
        ArrowRight: (shift) => (shift ? jump(1) : go(here + 1)),
        Home: () => go(0),
        End: () => go(rows.length - 1),
        d: () => difference >= 0 && go(difference),
    };
    document.addEventListener('keydown', (event) => {
        const act = keys[event.key];
        if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act(event.shiftKey);
    });
    if (rows.length === 0) return;
    slider.max = rows.length - 1;
    slider.addEventListener('input', () => go(Number(slider.value)));
    at('back').addEventListener('click', () => go(here - 1));
    at('next').addEventListener('click', () => go(here + 1));
    at('difference')?.addEventListener('click', () => keys.d());
    if (at('difference')) at('difference').hidden = difference < 0;
    at('theme').addEventListener('click', () => {
        const dark = matchMedia('(prefers-color-scheme: dark)').matches;
        const root = document.documentElement;
        const now = root.dataset.theme ?? (dark ? 'dark' : 'light');
        root.dataset.theme = now === 'dark' ? 'light' : 'dark';
    });
    rows.forEach((row, index) => row.addEventListener('click', () => go(index, false)));
    at('player').hidden = false;
    go(difference >= 0 ? difference : 0, false);
})();
