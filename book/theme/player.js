// Steps through a figure's pictures: buttons, a slider, arrow keys; among runs by a slider for each value; or the
// reader says who goes on. Without scripts nothing is missing: the pictures
// that the chapter chose and the whole list of steps are on the page, and on paper they are what is printed.
//
// The pictures come as data from book/figures/src/player.rs; the sentences are read from the list of steps.
(() => {
    'use strict';
    const SPACE = document.querySelector('.figure svg')?.namespaceURI;

    /** An element with attributes. */
    const dress = (element, attributes) => {
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        return element;
    };
    const make = (name, attributes, ...children) => {
        const element = dress(document.createElement(name), attributes);
        element.append(...children);
        return element;
    };
    const draw = (name) => document.createElementNS(SPACE, name);

    /** What a shape is made of: tags, attributes, words. */
    const parts = ([first, second, words]) => {
        if (typeof first === 'string') {
            const line = ['polyline', { points: first }];
            return second ? [line, ['polygon', { points: second }]] : [line];
        }
        const [x, y, width, height] = first;
        if (width === undefined) return [['text', { x, y, 'text-anchor': second }, words]];
        return [['rect', { x, y, width, height, rx: 3 }]];
    };

    /** `0-2 7` as 0, 1, 2, 7. */
    const numbers = (runs) => runs.split(' ').filter(Boolean).flatMap((run) => {
        const [from, to = from] = run.split('-').map(Number);
        return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });

    /** Makes a thing look like a shape; gives whether its kind or its words are new. */
    const fill = (thing, [, kind, ...form]) => {
        const before = thing.getAttribute('class') + thing.textContent;
        const wanted = parts(form);
        if (wanted.map(([tag]) => tag).join() !== [...thing.children].map((part) => part.tagName).join()) {
            thing.replaceChildren(...wanted.map(([tag]) => draw(tag)));
        }
        thing.setAttribute('class', kind);
        wanted.forEach(([, attributes, words], index) => {
            const part = dress(thing.children[index], attributes);
            if (words !== undefined) part.textContent = words;
        });
        return before !== kind + thing.textContent;
    };

    /** A picture in which a thing keeps its element from step to step: a change is seen as one. */
    const picture = ({ width, height, shapes, steps }) => {
        const svg = dress(draw('svg'), { role: 'img', width, height, viewBox: `0 0 ${width} ${height}` });
        const things = new Map();
        /** Draws a step and gives the things that are new or look different. */
        const show = (number) => {
            const wanted = numbers(steps[number]);
            const keys = new Set(wanted.map((index) => shapes[index][0]));
            for (const [key, thing] of things) {
                if (keys.has(key)) continue;
                thing.remove();
                things.delete(key);
            }
            const changed = [];
            let next = svg.firstChild;
            for (const index of wanted) {
                const key = shapes[index][0];
                const thing = things.get(key) ?? draw('g');
                things.set(key, thing);
                thing.classList.remove('changed');
                if (thing.dataset.shape !== String(index) && fill(thing, shapes[index])) changed.push(thing);
                thing.dataset.shape = index;
                if (thing === next) next = next.nextSibling;
                else svg.insertBefore(thing, next);
            }
            return changed;
        };
        return { svg, show };
    };

    /** Brings what changed into view where the picture is wider than the screen. */
    const reveal = (scroll, changed) => {
        const boxes = changed.filter((thing) => thing.querySelector('rect')).map((thing) => thing.getBBox());
        if (boxes.length === 0 || scroll.scrollWidth <= scroll.clientWidth) return;
        const left = Math.min(...boxes.map((box) => box.x));
        const right = Math.max(...boxes.map((box) => box.x + box.width));
        if (left < scroll.scrollLeft || right > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = left - 16;
    };

    /** What every player has: the picture, what it says, room for controls; `tell` shows a step and says its sentence. */
    const stage = (figure, data) => {
        const still = figure.querySelector('.figure-still');
        const { svg, show } = picture(data);
        const scroll = make('div', { class: 'figure-scroll', role: 'group', tabindex: 0, 'aria-label': 'Picture' }, svg);
        const says = make('output', { class: 'figure-says', 'aria-live': 'polite' });
        const controls = make('div', { class: 'figure-controls' });
        const alt = make('p', { class: 'figure-alt' }, still.querySelector('svg').getAttribute('aria-label'));
        const name = { class: 'figure-player', role: 'group', tabindex: -1, 'aria-label': 'Step by step' };
        const whole = make('div', name, alt, scroll, controls, says);
        let begun = false;
        const tell = (step, number, sentence, label) => {
            const changed = show(step);
            const words = [...sentence.childNodes].map((node) => node.cloneNode(true));
            says.replaceChildren(make('span', { class: 'figure-number' }, number), ' ', ...words);
            svg.setAttribute('aria-label', `Picture of ${label}: ${sentence.textContent}`);
            if (begun) {
                changed.forEach((thing) => thing.classList.add('changed'));
                reveal(scroll, changed);
            }
            begun = true;
        };
        const button = (text, act) => {
            const element = make('button', { type: 'button' }, text);
            element.addEventListener('click', act);
            controls.append(element);
            return element;
        };
        /** Keys that do something anywhere in the player. */
        const keys = (acts) => whole.addEventListener('keydown', (event) => {
            const act = acts[event.key];
            // A slider knows these keys itself, and a picture that is too wide is scrolled by them.
            const taken = event.target.type === 'range' || event.target === scroll;
            if (!act || taken || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            act();
        });
        const stand = () => {
            still.before(whole);
            figure.classList.add('has-player');
        };
        return { controls, tell, button, keys, stand };
    };

    /** A slider for each thing that can be chosen; `choose` gets the number of the run. */
    const choices = ({ vary }, choose) => {
        const sliders = vary.map(([name, values]) => {
            const slider = make('input', { type: 'range', min: 0, max: values.length - 1, value: 0, 'aria-label': name });
            const value = make('span', { 'aria-hidden': true });
            slider.addEventListener('input', () => {
                say();
                choose(vary.reduce((run, [, each], place) => run * each.length + sliders[place].slider.valueAsNumber, 0));
            });
            const say = () => {
                value.textContent = values[slider.valueAsNumber];
                slider.setAttribute('aria-valuetext', value.textContent);
            };
            say();
            return { slider, label: make('label', { class: 'figure-choice' }, `${name} `, slider, value) };
        });
        return make('div', { class: 'figure-controls' }, ...sliders.map(({ label }) => label));
    };

    /** One step after the other. */
    const player = (figure, data) => {
        const { controls, tell, button, keys, stand } = stage(figure, data);
        const lists = [...figure.querySelectorAll('.figure-steps ol')].map((list) => [...list.children]);
        const slider = make('input', { type: 'range', min: 1, 'aria-label': 'Step' });
        // The run that is shown: its sentences, and where its steps begin among those of all runs.
        let sentences = lists[0];
        let from = 0;
        let last = sentences.length - 1;
        let at;
        let timer;
        const show = (to) => {
            tell(from + to, `${to + 1}/${last + 1}`, sentences[to], `step ${to + 1} of ${last + 1}`);
            slider.max = last + 1;
            slider.value = to + 1;
            slider.setAttribute('aria-valuetext', `Step ${to + 1} of ${last + 1}: ${sentences[to].textContent}`);
            // A button keeps the focus when there is nothing more to do: it says so and does nothing.
            for (const button of [first, back]) button.setAttribute('aria-disabled', to === 0);
            next.setAttribute('aria-disabled', to === last);
            at = to;
        };
        const go = (wanted) => {
            const to = Math.max(0, Math.min(last, wanted));
            if (to !== at) show(to);
        };
        const pause = () => {
            clearTimeout(timer);
            timer = undefined;
            play.textContent = 'Play';
        };
        const by = (wanted) => {
            pause();
            go(wanted);
        };
        const tick = () => {
            go(at + 1);
            if (at === last) pause();
            else timer = setTimeout(tick, 1500 + 30 * sentences[at].textContent.length);
        };
        const choose = (run) => {
            pause();
            const end = at === last;
            sentences = lists[run];
            from = data.runs.slice(0, run).reduce((sum, steps) => sum + steps, 0);
            last = sentences.length - 1;
            show(end ? last : Math.min(at, last));
        };
        const first = button('First', () => by(0));
        const back = button('Back', () => by(at - 1));
        const next = button('Next', () => by(at + 1));
        const play = button('Play', () => {
            if (timer !== undefined) return pause();
            if (at === last) go(0);
            play.textContent = 'Pause';
            timer = setTimeout(tick, 600);
        });
        play.className = 'figure-play';
        slider.addEventListener('input', () => by(slider.valueAsNumber - 1));
        controls.append(slider);
        if (data.vary) controls.before(choices(data, choose));
        keys({ ArrowLeft: () => by(at - 1), ArrowRight: () => by(at + 1), Home: () => by(0), End: () => by(last) });
        go(data.at);
        stand();
    };

    /** Each step is chosen by the reader: who goes on? */
    const turns = (figure, data) => {
        const { tell, button, keys, stand } = stage(figure, data);
        const sentences = data.says.map((says) => Object.assign(document.createElement('p'), { innerHTML: says }));
        const way = [0];
        const show = () => {
            const at = way.at(-1);
            tell(at, `${way.length - 1}.`, sentences[at], `step ${way.length - 1}`);
            for (const button of [again, back]) button.setAttribute('aria-disabled', way.length === 1);
            others.forEach((button, thread) => button.setAttribute('aria-disabled', data.turns[at][thread] < 0));
        };
        const to = (length) => {
            if (way.length === 1) return;
            way.length = Math.max(1, length);
            show();
        };
        const again = button('Start again', () => to(1));
        const back = button('Back', () => to(way.length - 1));
        const others = data.names.map((name, thread) => button(`${name} goes on`, () => {
            const next = data.turns[way.at(-1)][thread];
            if (next < 0) return;
            way.push(next);
            show();
        }));
        keys({ ArrowLeft: () => to(way.length - 1), Home: () => to(1) });
        show();
        stand();
    };

    document.querySelectorAll('.figure:has(> .figure-data)').forEach((figure) => {
        const data = JSON.parse(figure.querySelector('.figure-data').textContent);
        if (data.turns) turns(figure, data);
        else player(figure, data);
    });
})();
