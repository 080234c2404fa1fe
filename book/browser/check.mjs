// The rendered book in a real browser: node check.mjs SITE CHROMIUM [PART OF A PAGE'S NAME]
//
// What is looked at, on every page and from file://, as a reader without a server has it:
//   - nothing is requested that is not a file of the site, and no script fails;
//   - axe finds nothing, in all five themes and with forced colours;
//   - the painted pixels under each label of a picture have contrast: computed styles once said yes to white on white;
//   - at 320 pixels nothing is wider than the page, and no letter of a picture is below 11 pixels;
//   - the table of contents opens by keyboard, and arrow keys in a figure scroll it instead of turning the page;
//   - a figure's player steps by keyboard, says each step as the list has it, draws what a figure without scripts
//     draws, and moves nothing for a reader who wants nothing moved; each run that its sliders choose is the one that is
//     told; where the reader says who goes on, each way that is told leads to what it is told to (player.mjs);
//   - without scripts and on paper the pictures and the whole list of steps are there.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { contrastUnder } from './contrast.mjs';
import { playerByKeyboard, playerOnPaper, playerWithoutScripts } from './player.mjs';

const [site, executablePath, part = ''] = process.argv.slice(2);
const root = pathToFileURL(resolve(site) + sep).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const findings = new Set();
const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
// The rules that look at colours.
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const IN_PICTURES = 'figure svg text, figure p, figure button, figure output, figcaption, .exercise td, .exercise th';
const EVERYWHERE = `${IN_PICTURES}, main p, main li, main code, main summary, main a, h1, h2, h3, th, td, #mdbook-sidebar a`;
const FORCED = [{ forcedColors: 'active', colorScheme: 'dark' }, { forcedColors: 'active', colorScheme: 'light' }];

function pages(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return pages(path);
        // print.html prints itself, toc.html and index.html repeat others, and some pages only say where they are now.
        const repeats = !/(?<!^print|^toc|^index)\.html$/.test(entry.name);
        return repeats || readFileSync(path, 'utf8').includes('http-equiv="refresh"') ? [] : [relative(site, path)];
    });
}

/** A page in a context of its own; what it requests and what its scripts say is heard. `mode` is a name, or gives one. */
async function open(browser, page, mode, { width = 1200, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
    await context.addInitScript((name) => localStorage.setItem('mdbook-theme', name), THEMES[0]);
    const tab = await context.newPage();
    const report = (what) => {
        const finding = `${page} (${typeof mode === 'string' ? mode : mode()}): ${what}`;
        if (!findings.has(finding)) console.error(finding);
        findings.add(finding);
    };
    tab.on('request', (request) => {
        if (!request.url().startsWith(root) && !request.url().startsWith('data:')) report(`requests ${request.url()}`);
    });
    tab.on('pageerror', (error) => report(`a script fails: ${error.message}`));
    await tab.goto(new URL(page.split(sep).join('/'), root).href);
    return { tab, report, close: () => context.close() };
}

/**
 * Everything legible in every palette: one page, of which the reader changes the theme, and then the system's colours.
 *
 * What has nothing to do with colours is the same in all themes and looked for in the first; with forced colours
 * again, where the styles are others.
 */
async function readable(browser, page) {
    let mode;
    const { tab, report, close } = await open(browser, page, () => mode);
    // Closed answers hide what is in them, from axe too.
    await tab.evaluate(() => document.querySelectorAll('details').forEach((answer) => { answer.open = true; }));
    // axe is evaluated, not linked: a page needs no permission for it.
    await tab.evaluate(axe);
    for (const theme of THEMES) {
        mode = theme;
        await tab.evaluate((name) => document.getElementById(`mdbook-theme-${name}`).click(), theme);
        if (await tab.evaluate((name) => !document.documentElement.classList.contains(name), theme)) report('the theme cannot be chosen');
        await legible(tab, report, theme === THEMES[0] ? {} : { runOnly: OF_COLOURS }, IN_PICTURES);
    }
    await tab.evaluate((name) => document.getElementById(`mdbook-theme-${name}`).click(), THEMES[0]);
    for (const forced of FORCED) {
        mode = `forced colours, ${forced.colorScheme}`;
        await tab.emulateMedia(forced);
        // With forced colours computed styles still say what the theme wanted: only the painted pixels know.
        await legible(tab, report, { rules: { 'color-contrast': { enabled: false } } }, EVERYWHERE);
    }
    await close();
}

async function legible(tab, report, rules, painted) {
    // A change of theme fades; what it fades to is looked at.
    await tab.evaluate(() => document.getAnimations().forEach((fade) => fade.finish()));
    const result = await tab.evaluate((rules) => window.axe.run(document, { resultTypes: ['violations'], preload: false, ...rules }), rules);
    for (const { id, help, nodes } of result.violations) {
        for (const node of nodes) report(`${id}: ${help}: ${node.target.join(' ')}: ${node.any[0]?.message ?? ''}`);
    }
    for (const { text, ratio } of await contrastUnder(tab, painted)) {
        if (ratio < 4.5) report(`"${text}" is painted with a contrast of ${ratio.toFixed(1)}, less than 4.5`);
    }
}

async function narrow(browser, page) {
    const { tab, report, close } = await open(browser, page, '320 pixels', { width: 320 });
    const { wide, small } = await tab.evaluate(() => ({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        small: [...document.querySelectorAll('figure svg text')].flatMap((text) => {
            const scale = text.checkVisibility() ? text.getScreenCTM().a : 1;
            const size = parseFloat(getComputedStyle(text).fontSize) * scale;
            return size < 11 ? [`${text.textContent}: ${size.toFixed(1)}`] : [];
        }),
    }));
    if (wide > 0) report(`the page is ${wide} pixels wider than the screen`);
    for (const letters of small) report(`letters below 11 pixels: ${letters}`);
    await close();
}

/** What a reader without a mouse needs: the table of contents opens, and arrow keys in a figure stay there. */
async function byKeyboard(browser, page) {
    const { tab, report, close } = await open(browser, page, 'keyboard', { width: 360 });
    const contents = tab.getByRole('button', { name: 'Table of contents' });
    await contents.press('Enter');
    if (!(await tab.locator('#mdbook-sidebar a').first().isVisible())) report('the table of contents does not open by keyboard');
    await contents.press('Enter');
    const here = tab.url();
    for (const picture of await tab.locator('.figure-scroll:visible').all()) {
        await picture.focus();
        await tab.keyboard.press('ArrowRight');
        // It scrolls smoothly, and on a busy machine late.
        const scrolls = await picture.evaluate(async (element) => {
            for (let more = 200; more > 0 && element.scrollLeft === 0; more -= 1) await new Promise((soon) => setTimeout(soon, 50));
            return element.scrollLeft > 0;
        }).catch(() => true);
        if (tab.url() !== here) return report('an arrow key in a figure turns the page');
        if (!scrolls) report('an arrow key does not scroll a figure');
    }
    await close();
}

/** A figure may stand in an answer that is still closed; its own list of steps stays as it is. */
function openAnswers(tab) {
    return tab.evaluate(() => document.querySelectorAll('details:not(figure details)').forEach((answer) => { answer.open = true; }));
}

async function withoutScripts(browser, page) {
    const { tab, report, close } = await open(browser, page, 'no scripts', { javaScriptEnabled: false });
    await openAnswers(tab);
    await playerWithoutScripts(tab, report);
    await close();
}

async function players(browser, page) {
    for (const reducedMotion of ['no-preference', 'reduce']) {
        const { tab, report, close } = await open(browser, page, 'player', { width: 320, reducedMotion });
        await openAnswers(tab);
        await playerByKeyboard(tab, report, reducedMotion === 'reduce');
        await playerOnPaper(tab, report);
        await close();
    }
}

const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
const all = pages(site).filter((page) => page.includes(part));
// Each look at a page is a job of its own; some wait more than they work, so there are more at once than processors.
const looks = [readable, narrow, byKeyboard, withoutScripts, players];
const jobs = all.flatMap((page) => looks.map((look) => () => look(browser, page))).values();
const worker = async () => {
    for (const job of jobs) await job();
};
await Promise.all(Array.from({ length: availableParallelism() + 2 }, worker));
await browser.close();
console.log(`${all.length} pages in ${THEMES.length + FORCED.length} palettes: ${findings.size} findings.`);
process.exit(findings.size === 0 ? 0 : 1);
