# SPDX-License-Identifier: BSL-1.0
"""Bars and curves on logarithmic scales, as SVG."""

import html
import math

WIDTH = 760
LEFT, RIGHT = 210, 70
COLOURS = {"floor": "#9aa5ab", "onlink": "#1f6f8b", "libupnp": "#c05020", "gupnp": "#5a8f3c"}
OTHERS = ("#1f6f8b", "#c05020", "#5a8f3c", "#7a5aa0")
_STYLE = ("<style>.title{font-size:13px;font-weight:bold}.grid{stroke:#ddd}.label{font-size:11px;text-anchor:end}"
          ".tick{font-size:10px;text-anchor:middle}.value{font-size:10px}.name{font-size:11px}</style>")


def _svg(height, parts):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
                      _STYLE, f'<rect width="{WIDTH}" height="{height}" fill="white"/>', *parts, "</svg>", ""])


def _number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _powers(least, greatest):
    """Around both; two at least, so that there is a scale."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(greatest))
    return [10 ** power for power in range(first, max(last, first + 1) + 1)]


def _legend(names, colours, top):
    for number, name in enumerate(names):
        x = LEFT + 110 * number
        yield f'<rect x="{x}" y="{top}" width="10" height="10" fill="{colours[name]}"/>'
        yield f'<text x="{x + 15}" y="{top + 9}" class="name">{html.escape(name)}</text>'


def bars(title, rows):
    """`rows`: [(label, {name: value}), ...]; a bar for each name of COLOURS that has a value."""
    thick, gap = 9, 10
    values = [value for _, named in rows for value in named.values()]
    scale = _powers(min(values), max(values))
    inner = WIDTH - LEFT - RIGHT

    def place(value):
        return LEFT + inner * math.log10(value / scale[0]) / math.log10(scale[-1] / scale[0])

    parts = [f'<text x="10" y="18" class="title">{html.escape(title)}</text>', *_legend(COLOURS, COLOURS, 28)]
    top = y = 62
    for label, named in rows:
        parts.append(f'<text x="{LEFT - 8}" y="{y + thick * len(named) / 2 + 4}" class="label">{html.escape(label)}</text>')
        for name in COLOURS:
            if name not in named:
                continue
            end = place(named[name])
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(end - LEFT, 1):.1f}" height="{thick - 1}" '
                         f'fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{end + 4:.1f}" y="{y + thick - 1}" class="value">{_number(named[name])}</text>')
            y += thick
        y += gap
    for power in scale:
        x = place(power)
        parts.insert(1, f'<line x1="{x:.1f}" y1="{top - 6}" x2="{x:.1f}" y2="{y}" class="grid"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 12}" class="tick">{_number(power)}</text>')
    return _svg(y + 22, parts)


def curves(panels):
    """`panels`: [(title, {name: [(x, y), ...]}), ...], one below the other."""
    height, left, above, below = 170, 60, 30, 30
    inner_width, inner_height = WIDTH - left - RIGHT, height - above - below
    parts = []
    for number, (title, lines) in enumerate(panels):
        top = height * number
        points = [point for line in lines.values() for point in line]
        across = _powers(min(x for x, _ in points), max(x for x, _ in points))
        up = _powers(min(y for _, y in points), max(y for _, y in points))

        def place(x, y, top=top, across=across, up=up):
            return (left + inner_width * math.log10(x / across[0]) / math.log10(across[-1] / across[0]),
                    top + above + inner_height * (1 - math.log10(y / up[0]) / math.log10(up[-1] / up[0])))

        parts.append(f'<text x="10" y="{top + 18}" class="title">{html.escape(title)}</text>')
        for value in up:
            _, y = place(across[0], value)
            parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="grid"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" class="label">{_number(value)}</text>')
        for value in across:
            x, y = place(value, up[0])
            parts.append(f'<text x="{x:.1f}" y="{y + 14:.1f}" class="tick">{_number(value)}</text>')
        for at, (name, line) in enumerate(lines.items()):
            colour = OTHERS[at % len(OTHERS)]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line))
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'
                      for x, y in (place(*point) for point in line)]
            parts.append(f'<text x="{WIDTH - RIGHT - 160 * (len(lines) - 1 - at)}" y="{top + 18}" fill="{colour}" '
                         f'class="label">{html.escape(name)}</text>')
    return _svg(height * len(panels) + 10, parts)
