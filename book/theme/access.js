// What mdBook's page lacks for a reader with a keyboard or a screen reader.
(() => {
    'use strict';
    // The button for the table of contents is a label: nothing focuses it, nothing says whether it is open.
    const label = document.getElementById('mdbook-sidebar-toggle');
    const state = document.getElementById('mdbook-sidebar-toggle-anchor');
    if (label && state) {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = label.className;
        button.title = label.title;
        button.setAttribute('aria-label', 'Table of contents');
        button.setAttribute('aria-controls', 'mdbook-sidebar');
        button.append(...label.childNodes);
        const tell = () => button.setAttribute('aria-expanded', String(state.checked));
        tell();
        state.addEventListener('change', tell);
        button.addEventListener('click', () => {
            label.click();
            tell();
        });
        label.before(button);
        label.hidden = true;
        label.style.display = 'none';
    }
    document.getElementById('mdbook-menu-bar')?.setAttribute('role', 'banner');

    // What scrolls sideways can be scrolled by keyboard; what does not is no stop on the way.
    const scrollers = document.querySelectorAll('main pre > code, main .table-wrapper, main .figure-scroll');
    const reach = () => scrollers.forEach((scroller) => {
        if (scroller.scrollWidth > scroller.clientWidth) scroller.setAttribute('tabindex', '0');
        else scroller.removeAttribute('tabindex');
    });
    reach();
    window.addEventListener('resize', reach);
    // A code block in an answer has no width before it is opened.
    document.addEventListener('toggle', reach, true);

    // mdBook turns the page on the arrow keys: not while one of them scrolls a figure or a block of code.
    document.querySelector('main')?.addEventListener('keydown', (event) => {
        if (event.target.closest('.figure, pre, .table-wrapper')) event.stopPropagation();
    });
})();
