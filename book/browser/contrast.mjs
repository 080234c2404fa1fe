// Contrast as it is painted: the darkest against the lightest pixel under each piece of text.
//
// The picture of the page is decoded by the browser itself, in an empty tab, so that no library for images is needed.

/** The contrast under each element that matches, with its text. */
export async function contrastUnder(tab, selector) {
    const boxes = await tab.evaluate((wanted) => {
        const visible = (box) => box.width > 2 && box.height > 2;
        return [...document.querySelectorAll(wanted)].flatMap((element) => {
            const box = element.getBoundingClientRect();
            const around = element.closest('.figure-scroll')?.getBoundingClientRect();
            if (!visible(box) || (around && box.right > around.right)) return [];
            const text = element.textContent.trim().slice(0, 40);
            return text ? [{ text, x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height }] : [];
        });
    }, selector);
    if (boxes.length === 0) return [];
    // The bar at the top stays where it is while the page scrolls; a full picture has it once, at its place.
    const picture = (await tab.screenshot({ fullPage: true })).toString('base64');
    const decoder = await tab.context().newPage();
    const ratios = await decoder.evaluate(ratiosIn, { picture, boxes });
    await decoder.close();
    return boxes.map((box, index) => ({ text: box.text, ratio: ratios[index] }));
}

/** Runs in the browser: decodes the picture, gives a contrast ratio for each box. */
async function ratiosIn({ picture, boxes }) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return boxes.map(({ x, y, width, height }) => {
        const { data } = context.getImageData(Math.floor(x), Math.floor(y), Math.ceil(width), Math.ceil(height));
        const seen = new Map();
        for (let at = 0; at < data.length; at += 4) {
            const [r, g, b] = [data[at], data[at + 1], data[at + 2]].map((part) => linear(part / 255));
            const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            seen.set(light, (seen.get(light) ?? 0) + 1);
        }
        // The ground is what most pixels are; the ink what is farthest from it.
        const ground = [...seen].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
        const against = (light) => (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05);
        return Math.max(...[...seen.keys()].map(against));
    });
}
