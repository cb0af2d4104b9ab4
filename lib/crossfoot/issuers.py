"""Which names are of one issuer, and what kind of body it is: 洪泽区人民政府 is 淮安市洪泽区人民政府."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_LEVELS = (
    "省",
    "自治区",
    "特别行政区",
    "自治州",
    "地区",
    "盟",
    "市",
    "自治县",
    "自治旗",
    "县",
    "区",
    "旗",
    "镇",
    "乡",
    "街道",
)
# The first character may be such a word itself: 市北区, 镇江市.
_SEGMENT = re.compile(rf".[^省市区县旗盟镇乡]{{0,8}}?(?:{'|'.join(_LEVELS)})")
# 城市管理局 begins with no place, nor does 市场监督管理局, which the pattern already leaves alone.
_NO_PLACE = re.compile(
    r"^(?:城市|社区|园区|景区|辖区|地区|校区|小区|库区|灌区|林区|牧区|城乡|城镇|乡镇|乡村)"
)
_GOVERNMENT = re.compile(r"^(?:人民政府|政府)?$")
_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_KINDS = (
    ("province", ("省", "自治区", "特别行政区")),
    ("city", ("自治州", "地区", "盟", "市")),
    ("county", ("自治县", "自治旗", "县", "区", "旗")),
    ("town", ("镇", "乡", "街道")),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body's name in parts: the places from the widest to the nearest, and what it is there.

    `body` is "" for the government of the place itself, however it is called.
    """

    places: tuple[str, ...]
    body: str


def parse(name: str) -> Issuer:
    """The parts of an issuer's name."""
    rest = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    places = []
    while (match := _SEGMENT.match(rest)) and not _NO_PLACE.match(rest):
        places.append(match[0])
        rest = rest[match.end() :]
    return Issuer(tuple(places), "" if places and _GOVERNMENT.match(rest) else rest)


def link(names: Iterable[str]) -> dict[str, str]:
    """For each name the fullest one of the same issuer among them; itself where there is none.

    Two names are of one issuer where they name the same body, and the places of one are the last places of
    the other. Where a name would fit two issuers (鼓楼区 of 南京市 and of 徐州市) it is linked to neither,
    nor is a name without any place.
    """
    parsed = {name: parse(name) for name in names}
    fullest: dict[Issuer, str] = {}
    shortened: dict[Issuer, set[str]] = {}
    linked: dict[str, str] = {}
    for name, issuer in sorted(parsed.items(), key=lambda entry: (-len(entry[1].places), entry[0])):
        fits = {fullest[issuer]} if issuer in fullest else shortened.get(issuer, set())
        linked[name] = next(iter(fits)) if len(fits) == 1 and issuer.places else name
        if issuer.places and linked[name] == name:
            fullest[issuer] = name
            for start in range(1, len(issuer.places)):
                shortened.setdefault(Issuer(issuer.places[start:], issuer.body), set()).add(name)
    return linked


def kind(name: str | None) -> str:
    """What sort of body it is: province, city, county or town (their governments), department, or unknown."""
    if not name:
        return "unknown"
    issuer = parse(name)
    if issuer.body:
        return "town" if issuer.body.startswith("办事处") else "department"
    last = issuer.places[-1]
    if last in _MUNICIPALITIES:
        return "province"
    if last.endswith("市") and len(issuer.places) > 1 and issuer.places[-2].endswith("市"):
        return "county"  # 苏州市昆山市
    for word, levels in _KINDS:
        if last.endswith(levels):
            return word
    return "unknown"
