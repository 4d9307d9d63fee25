// The colours that things are drawn with, against the grounds they are drawn on.
() => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((c) => c / 255)
            .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const probe = document.body.appendChild(document.createElement('i'));
    const of = (name) => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color); };
    const ratios = {};
    for (const ground of ['bg', 'panel', 'tint'])
        for (const name of ['dot', 'strong-line', 'accent', 'good', 'bad', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']) {
            const [high, low] = [of(name), of(ground)].sort((a, b) => b - a);
            ratios[`${name} on ${ground}`] = (high + 0.05) / (low + 0.05);
        }
    probe.remove();
    return ratios;
}
