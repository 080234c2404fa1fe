// What a figure's player must do, and what a figure must be without it.

/**
 * Steps through each player with keys alone, from the first step to the last, and back; where things move, plays it.
 *
 * `calm` is a reader who wants nothing moved: then what is drawn is final at once, and each step is compared.
 */
export async function playerByKeyboard(tab, report, calm) {
    const here = tab.url();
    for (const figure of await tab.locator('figure.figure:has(> .figure-data)').all()) {
        const name = await figure.getAttribute('id');
        const wrong = (what) => report(`figure ${name}: ${what}`);
        if (await figure.getByRole('button', { name: 'Start again' }).count() > 0) {
            if (calm) await turnsByKeyboard(figure, wrong);
            if (tab.url() !== here) return wrong('a key turns the page');
            continue;
        }
        const steps = await figure.locator('.figure-steps ol').first().locator('li').allTextContents();
        const [first, next] = [figure.getByRole('button', { name: 'First' }), figure.getByRole('button', { name: 'Next' })];
        const slider = figure.getByRole('slider', { name: 'Step', exact: true });
        const says = figure.getByRole('status');
        if (await figure.locator('.figure-still').isVisible()) wrong('the still pictures are shown beside the player');
        const expect = async (number, by) => {
            const [text, told, stands] = await figure.evaluate((figure) => {
                const slider = figure.querySelector('input[aria-label=Step]');
                return [figure.querySelector('output').textContent, slider.getAttribute('aria-valuetext'), slider.value];
            });
            const said = text.replace(/\s+/g, ' ').trim();
            const wanted = `${number}/${steps.length} ${steps[number - 1]}`.replace(/\s+/g, ' ').trim();
            if (said !== wanted) wrong(`after ${by} it says "${said}", not "${wanted}"`);
            if (told !== `Step ${number} of ${steps.length}: ${steps[number - 1]}`) wrong(`after ${by} the slider says "${told}"`);
            if (stands !== String(number)) wrong(`after ${by} the slider stands at another step`);
        };
        const throughAllSteps = async () => {
            const start = await drawn(figure);
            for (let number = 2; number <= steps.length; number += 1) {
                await next.press('ArrowRight');
                await expect(number, 'an arrow key');
                await sameAsStill(figure, number, wrong);
            }
            await next.press('Enter');
            await expect(steps.length, 'Next at the end');
            if (!(await next.evaluate((button) => button === document.activeElement))) wrong('the last step takes the focus away');
            await next.press('ArrowLeft');
            await expect(steps.length - 1, 'an arrow key back');
            await slider.press('ArrowRight');
            await expect(steps.length, 'the slider');
            await slider.press('Home');
            await expect(1, 'Home');
            if (JSON.stringify(await drawn(figure)) !== JSON.stringify(start)) wrong('the first step looks different after all others');
            const targets = await figure.locator('button:visible, input').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
            if (targets.some((height) => height < 24)) wrong('a control is smaller than 24 pixels');
        };
        await first.focus();
        if (!(await first.evaluate((button) => parseFloat(getComputedStyle(button).outlineWidth) >= 3))) wrong('a focused button has no ring');
        await first.press('Enter');
        await expect(1, 'First');
        if (calm) await throughAllSteps();
        const play = figure.getByRole('button', { name: /Play|Pause/ });
        if (await play.isVisible() === calm) wrong(calm ? 'it plays for a reader who wants nothing moved' : 'it does not play');
        if (!calm) {
            await play.press('Enter');
            // On a busy machine it may have gone on before anybody looks.
            await slider.evaluate((input) => new Promise((moved) => {
                const look = (more) => (input.valueAsNumber > 1 || more === 0 ? moved() : setTimeout(look, 50, more - 1));
                look(200);
            }));
            if (await slider.inputValue() === '1') wrong('it does not go on when it plays');
            // It may come to its end by itself meanwhile, and then there is nothing to pause.
            await play.evaluate((button) => button.textContent === 'Play' || button.click());
            await expect(Number(await slider.inputValue()), 'Play');
            if (await play.textContent() !== 'Play') wrong('it does not pause');
        }
        if (calm) await runsByKeyboard(figure, says, slider, wrong);
        if (tab.url() !== here) return wrong('a key turns the page');
    }
}

/** Chooses each run by the sliders of its values: the player has that run's steps, as the list has them. */
async function runsByKeyboard(figure, says, slider, wrong) {
    const lists = await figure.locator('.figure-steps ol').all();
    const choices = await figure.locator('.figure-choice input').all();
    const sizes = await Promise.all(choices.map((choice) => choice.evaluate((input) => Number(input.max) + 1)));
    if (sizes.reduce((product, size) => product * size, 1) !== lists.length) wrong('its values make other runs than those that are told');
    for (let run = 0; choices.length > 0 && run < lists.length; run += 1) {
        let rest = run;
        for (let place = choices.length - 1; place >= 0; place -= 1) {
            await choices[place].press('Home');
            for (let value = rest % sizes[place]; value > 0; value -= 1) await choices[place].press('ArrowRight');
            rest = Math.floor(rest / sizes[place]);
        }
        const steps = await lists[run].locator('li').allTextContents();
        for (const [key, number] of [['End', steps.length], ['Home', 1]]) {
            await slider.press(key);
            const said = (await says.textContent()).replace(/\s+/g, ' ').trim();
            const wanted = `${number}/${steps.length} ${steps[number - 1]}`.replace(/\s+/g, ' ').trim();
            if (said !== wanted) wrong(`in run ${run + 1} it says "${said}", not "${wanted}"`);
        }
    }
}

/** Lets the threads go on as each result's example says, with keys alone: what comes out is that result. */
async function turnsByKeyboard(figure, wrong) {
    const button = (name) => figure.getByRole('button', { name, exact: true });
    const says = figure.getByRole('status');
    if (await figure.locator('.figure-still').isVisible()) wrong('the still pictures are shown beside the player');
    for (const result of await figure.locator('.figure-result').all()) {
        const [, wanted, turns] = (await result.textContent()).replace(/\s+/g, ' ')
            .match(/(?:ways|lead here): (.*?) One of them lets go on: (.*?)\./);
        await button('Start again').press('Enter');
        for (const name of turns.split(', ')) await button(`${name} goes on`).press('Enter');
        const said = (await says.textContent()).replace(/\s+/g, ' ');
        if (!said.includes(wanted)) wrong(`after ${turns} it says "${said}", not "${wanted}"`);
        const more = await figure.locator('button[aria-disabled=false]').allTextContents();
        if (more.join() !== 'Start again,Back') wrong(`after ${turns} there is still: ${more}`);
        const before = await drawn(figure);
        await button('Back').press('ArrowLeft');
        await button(`${turns.split(', ').at(-1)} goes on`).press('Enter');
        if (JSON.stringify(await drawn(figure)) !== JSON.stringify(before)) wrong('back and on again looks different');
    }
    await button('Back').press('Home');
    const small = await figure.locator('button:visible').evaluateAll((all) => all.some((one) => one.getBoundingClientRect().height < 24));
    if (small) wrong('a control is smaller than 24 pixels');
}

/** A picture as what each thing is: key or kind, form, words. */
function drawn(figure) {
    return figure.locator('.figure-player svg').evaluate(read);
}

const read = (svg) => [...svg.children].map((thing) => {
    const parts = [...thing.children].map((part) => {
        const attributes = [...part.attributes].map(({ name, value }) => `${name}=${value}`).sort();
        return `${part.tagName} ${attributes.join(' ')} ${part.textContent}`;
    });
    return `${thing.getAttribute('class').replace(/ ?changed/, '')}: ${parts.join('; ')}`;
});

/** The player's picture of a step is the one that is on the page for everybody, where the chapter shows that step. */
async function sameAsStill(figure, number, wrong) {
    const label = `[aria-label="Picture of step ${number}"]`;
    const still = figure.locator(`.figure-still .figure-scroll${label}`);
    if (await still.count() === 0) return;
    const [wanted, got] = [await still.locator('svg').evaluate(read), await drawn(figure)];
    if (JSON.stringify(wanted) !== JSON.stringify(got)) wrong(`the player draws step ${number} differently`);
}

/** On paper there is no player, and the pictures are there. */
export async function playerOnPaper(tab, report) {
    await tab.emulateMedia({ media: 'print' });
    for (const figure of await tab.locator('figure.figure').all()) {
        if (await figure.locator('.figure-player').isVisible()) report('a player is printed');
        if (!(await figure.locator('.figure-still').isVisible())) report('a figure is printed without its pictures');
    }
}

/** Without scripts the pictures are there, there is no player, and the whole list opens by keyboard. */
export async function playerWithoutScripts(tab, report) {
    for (const figure of await tab.locator('figure.figure').all()) {
        if (!(await figure.locator('.figure-still').isVisible())) report('a figure has no picture');
        if (await figure.getByRole('slider').count() > 0) report('a player stands there that nothing moves');
        for (const steps of await figure.locator('details').all()) {
            await steps.locator('summary').focus();
            await tab.keyboard.press('Enter');
            const lines = await steps.locator('li').all();
            const promised = (await steps.locator('summary').textContent()).match(/All (\d+) steps/)?.[1];
            if (promised && lines.length !== Number(promised)) report(`${promised} steps are promised and ${lines.length} are there`);
            if (lines.length === 0) report('a list of steps is empty');
            for (const line of lines) if (!(await line.isVisible())) report('the steps of a figure do not open by keyboard');
        }
    }
}
