"""How the cells of the working paper look: fonts, colours and borders by name, as XlsxWriter takes them."""

from typing import Any

# Okabe and Ito's colours as in the charts; what breaks is told by sign and weight, too.
BREAK, BREAK_TINT, BREAK_PALE = "#B34700", "#F9CDAE", "#FDEBDD"
HOLD, CHANGED, INK, SOFT, RULE, HEAD, PALE = (
    "#00664B", "#0072B2", "#1A1A1A", "#595959", "#8C8C8C", "#E8EEF2", "#F6F6F6",
)  # fmt: skip
FONT = "Microsoft YaHei"

BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_BOXED = {"border": 1, "border_color": RULE}
STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"font_size": 16, "bold": True},
    "subtitle": {"font_size": 10, "font_color": SOFT},
    "heading": {"font_size": 11, "bold": True, "bottom": 2, "bottom_color": INK},
    "name": {"font_color": SOFT},
    "strong": {"bold": True, "text_wrap": True, "valign": "top"},
    "small": {"font_size": 8, "font_color": SOFT, "text_wrap": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "align": "center", "bg_color": HEAD, **_BOXED},
    "label": {"text_wrap": True, "indent": 1, **_BOXED},
    "upright": {"text_wrap": True, "align": "center", **_BOXED},
    "figure": {"align": "center", "font_size": 11, **_BOXED},
    "word": {"align": "center", "text_wrap": True, **_BOXED},
    "absent": {"align": "center", "pattern": 14, "fg_color": "#C8C8C8", "bg_color": "#FFFFFF", **_BOXED},
    "money": {"align": "center", "font_size": 11, "num_format": "#,##0", **_BOXED},
    "cents": {"align": "center", "font_size": 11, "num_format": "#,##0.00####", **_BOXED},
    "sum": {"align": "center", "font_color": SOFT, "bg_color": PALE, **_BOXED},
    "sign": {"align": "center", "bold": True, "font_size": 11, "bg_color": PALE, **_BOXED},
    "side": {"text_wrap": True, "bg_color": PALE, "indent": 1, **_BOXED},
    "link": {"font_color": "#0072B2", "underline": 1, "align": "center"},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "number": {"valign": "top", "align": "right", "border": 1, "border_color": "#D9D9D9"},
    "go": {
        "valign": "top", "align": "center", "font_color": "#0072B2", "border": 1, "border_color": "#D9D9D9",
    },
    "input": {"valign": "top", "align": "right", "border": 1, "border_color": "#8C8C8C", "bold": True},
    "centre": {"valign": "top", "align": "center", "border": 1, "border_color": "#D9D9D9"},
    "listed": {
        "valign": "top", "font_color": "#0072B2", "underline": 1, "border": 1, "border_color": "#D9D9D9",
        "text_wrap": True,
    },
    "again": {"valign": "top", "font_color": RULE, "border": 1, "border_color": "#D9D9D9"},
    "again_number": {
        "valign": "top", "align": "center", "font_color": RULE, "border": 1, "border_color": "#D9D9D9",
    },
    "clipped": {"valign": "top", "font_color": SOFT, "border": 1, "border_color": "#D9D9D9"},
    "beside": {"indent": 1},
    "faint": {"font_color": "#C8C8C8"},
    "verdict_broken": {
        "bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": BREAK, "text_wrap": True,
        "indent": 1,
    },
    "verdict_clean": {
        "bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": HOLD, "text_wrap": True,
        "indent": 1,
    },
    "count": {"bold": True, "font_size": 18, "align": "right"},
    "now": {"bold": True, "font_size": 11},
    "breaks": {"font_color": "#FFFFFF", "bg_color": BREAK, "bold": True},
    "holds": {"font_color": HOLD},
    "open": {"font_color": RULE},
    "enters": {"bg_color": BREAK_TINT, "font_color": "#7A3000", "bold": True},
    "part": {"bg_color": BREAK_PALE},
    "changed": {"font_color": CHANGED, "italic": True, "bold": True},
    "strong_legend": {
        "bg_color": BREAK_TINT, "font_color": "#7A3000", "bold": True, "align": "center", **_BOXED,
    },
    "weak_legend": {"bg_color": BREAK_PALE, "align": "center", **_BOXED},
    "changed_legend": {"font_color": CHANGED, "italic": True, "bold": True, "align": "center", **_BOXED},
    "breaks_legend": {"font_color": "#FFFFFF", "bg_color": BREAK, "bold": True, "align": "center", **_BOXED},
    "holds_legend": {"font_color": HOLD, "bold": True, "align": "center", "bg_color": PALE, **_BOXED},
    "open_legend": {"font_color": RULE, "bold": True, "align": "center", "bg_color": PALE, **_BOXED},
}  # fmt: skip
OF_CONDITIONS = ("breaks", "holds", "open", "enters", "part", "changed", "faint")
