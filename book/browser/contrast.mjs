// Contrast as it is painted: the darkest against the lightest pixel under each piece of text.
//
// The picture of the page is decoded by the browser itself, so that no library for images is needed; the browser is asked
// for it directly, as it then writes it quickly instead of small.
// For the picture the window is as tall as the page and the table of contents, which scrolls by itself: what scrolls out
// of sight is not painted, and would be measured all the same.

/** The contrast under each element that matches, with its text. */
export async function contrastUnder(tab, selector) {
    await showAll(tab);
    const boxes = await tab.evaluate((wanted) => {
        const visible = (box) => box.width > 2 && box.height > 2;
        return [...document.querySelectorAll(wanted)].flatMap((element) => {
            const box = element.getBoundingClientRect();
            const around = element.closest('.figure-scroll')?.getBoundingClientRect();
            if (!visible(box) || (around && box.right > around.right)) return [];
            const text = element.textContent.trim().slice(0, 40);
            // One stem is thinner than a pixel, and never painted in its full colour.
            return text && !/^[Iil1|!.,:;']$/.test(text) ? [{ text, x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height }] : [];
        });
    }, selector);
    if (boxes.length === 0) return [];
    const session = await tab.context().newCDPSession(tab);
    const clip = around(boxes, tab.viewportSize());
    const { data: picture } = await session.send('Page.captureScreenshot', { optimizeForSpeed: true, clip });
    await session.detach();
    const ratios = await tab.evaluate(ratiosIn, { picture, boxes, clip });
    return boxes.map((box, index) => ({ text: box.text, ratio: ratios[index] }));
}

/** The part of the page from the uppermost box to the lowest. */
function around(boxes, { width, height }) {
    const top = Math.max(0, Math.floor(Math.min(...boxes.map((box) => box.y))));
    const bottom = Math.min(height, Math.ceil(Math.max(...boxes.map((box) => box.y + box.height))) + 1);
    return { x: 0, y: top, width, height: bottom - top, scale: 1 };
}

/** Makes the window so tall that nothing is out of sight. */
async function showAll(tab) {
    const height = await tab.evaluate(() => {
        const all = [document.documentElement, ...document.querySelectorAll('.sidebar-scrollbox')];
        return Math.max(...all.map((scrolls) => scrolls.scrollHeight));
    });
    await tab.setViewportSize({ ...tab.viewportSize(), height });
}

/** Runs in the browser: decodes the picture, gives a contrast ratio for each box. */
async function ratiosIn({ picture, boxes, clip }) {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    if (image.width !== clip.width || image.height !== clip.height) throw new Error(`a picture of ${image.width} x ${image.height}`);
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return boxes.map(({ x, y, width, height }) => {
        const { data } = context.getImageData(Math.floor(x), Math.floor(y - clip.y), Math.ceil(width), Math.ceil(height));
        // Pixels of one colour lie in rows: a row is counted at once, and a colour looked at once.
        const pixels = new Uint32Array(data.buffer);
        const colours = new Map();
        for (let from = 0, to = 0; from < pixels.length; from = to) {
            while (to < pixels.length && pixels[to] === pixels[from]) to += 1;
            colours.set(pixels[from], (colours.get(pixels[from]) ?? 0) + to - from);
        }
        const seen = new Map();
        for (const [colour, count] of colours) {
            const [r, g, b] = [colour, colour >> 8, colour >> 16].map((part) => linear((part & 255) / 255));
            const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            seen.set(light, (seen.get(light) ?? 0) + count);
        }
        // The ground is what most pixels are; the ink what is farthest from it.
        const ground = [...seen].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
        const against = (light) => (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05);
        return Math.max(...[...seen.keys()].map(against));
    });
}
