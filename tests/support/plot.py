# SPDX-License-Identifier: BSL-1.0
"""Lines over time, one panel below the other, as SVG."""

import math

WIDTH, HEIGHT = 760, 150  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 28, 22
COLOURS = ("#1f6f8b", "#c05020", "#5a8f3c")


def _steps(greatest, count=4):
    """Round numbers from 0 to `greatest`, or a little beyond it."""
    rough = max(greatest, 1e-9) / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    return [step * number for number in range(math.ceil(greatest / step - 1e-9) + 1)]


def _number(value):
    return f"{value:g}"


def _panel(title, lines, minutes, top):
    """`lines`: {name: [(minute, value), ...]}."""
    steps = _steps(max((value for points in lines.values() for _, value in points), default=1) or 1)
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(minute, value):
        return (LEFT + inner_width * minute / minutes, top + TOP + inner_height * (1 - value / steps[-1]))

    yield f'<text x="{LEFT}" y="{top + 18}" class="title">{title}</text>'
    for step in steps:
        _, y = place(0, step)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="grid"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" class="y">{_number(step)}</text>'
    for minute in _steps(minutes, 6):
        if minute <= minutes:
            x, y = place(minute, 0)
            yield f'<text x="{x:.1f}" y="{y + 15:.1f}" class="x">{_number(minute)} min</text>'
    for number, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        colour = COLOURS[number % len(COLOURS)]
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.2"/>'
        yield (f'<text x="{WIDTH - RIGHT - 110 * (len(lines) - 1 - number)}" y="{top + 18}" fill="{colour}" '
               f'class="name">{name}</text>')


def svg(panels, minutes):
    """`panels`: [(title, lines), ...]."""
    height = HEIGHT * len(panels) + 10
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
             "<style>.title{font-size:13px;font-weight:bold}.grid{stroke:#ddd}.x{font-size:10px;text-anchor:middle}"
             ".y{font-size:10px;text-anchor:end}.name{font-size:11px;text-anchor:end}</style>",
             f'<rect width="{WIDTH}" height="{height}" fill="white"/>']
    for number, (title, lines) in enumerate(panels):
        parts += _panel(title, lines, minutes, HEIGHT * number)
    return "\n".join([*parts, "</svg>", ""])
