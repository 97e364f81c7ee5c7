"""Bar charts as SVG, without scripts and inline styles; colours are the stylesheet's."""

from django import template
from django.utils.text import slugify

register = template.Library()

WIDTH, TOP, FOOT, HEIGHT = 360, 16, 120, 136
GAP = 4


@register.inclusion_tag("admin/bar_chart.svg")
def bar_chart(chart):
    """A figures.Chart, drawn."""
    step = WIDTH / len(chart.bars)
    tall = FOOT - TOP
    bars = [
        {
            "of": bar,
            "x": f"{place * step + GAP / 2:.1f}",
            "width": f"{step - GAP:.1f}",
            "y": f"{FOOT - tall * bar.whole_share:.1f}",
            "height": f"{tall * bar.whole_share:.1f}",
            "part_y": f"{FOOT - tall * bar.part_share:.1f}",
            "part_height": f"{tall * bar.part_share:.1f}" if bar.part_share else "",
        }
        for place, bar in enumerate(chart.bars)
    ]
    return {
        "chart": chart,
        "id": f"chart_{slugify(chart.title)}",
        "bars": bars,
        "first": chart.bars[0],
        "last": chart.bars[-1],
        "width": WIDTH,
        "height": HEIGHT,
        "top": TOP,
        "above": TOP - 4,
        "foot": FOOT,
    }
