"""Names of one issuer are linked, names that might be two are not."""

import pytest

from crossfoot.issuers import Issuer, kind, link, parse


@pytest.mark.parametrize(
    ("name", "places", "body"),
    [
        ("淮安市洪泽区人民政府", ("淮安市", "洪泽区"), ""),
        ("淮安市 洪泽区", ("淮安市", "洪泽区"), ""),
        ("沭阳县发展和改革局", ("沭阳县",), "发展和改革局"),
        ("青岛市市北区人民政府", ("青岛市", "市北区"), ""),
        ("镇江市丹徒区市场监督管理局", ("镇江市", "丹徒区"), "市场监督管理局"),
        ("洪泽区城市管理局", ("洪泽区",), "城市管理局"),
        ("城市管理局", (), "城市管理局"),
        ("洪泽区高良涧街道办事处", ("洪泽区", "高良涧街道"), "办事处"),
        ("上海市人民政府办公厅", ("上海市",), "人民政府办公厅"),
        ("黔东南苗族侗族自治州人民政府", ("黔东南苗族侗族自治州",), ""),
    ],
)
def test_a_name_falls_into_places_and_a_body(name, places, body):
    assert parse(name) == Issuer(places, body)


def test_names_that_leave_out_the_wider_places_or_the_government_are_one_issuer():
    names = ["江苏省淮安市洪泽区人民政府", "淮安市洪泽区人民政府", "洪泽区人民政府", "洪泽区"]
    assert set(link(names).values()) == {"江苏省淮安市洪泽区人民政府"}


@pytest.mark.parametrize(
    "names",
    [
        ["南京市鼓楼区人民政府", "徐州市鼓楼区人民政府", "鼓楼区人民政府"],
        ["洪泽区人民政府", "洪泽区人民政府办公室"],
        ["洪泽区教育局", "教育局"],
        ["洪泽区教育局", "洪泽区体育局"],
        ["泽区人民政府", "洪泽区人民政府"],
    ],
)
def test_names_that_may_be_two_issuers_are_not_linked(names):
    assert link(names) == {name: name for name in names}


def test_linking_does_not_depend_on_the_order_of_the_names():
    names = ["洪泽区人民政府", "南京市鼓楼区人民政府", "淮安市洪泽区人民政府", "鼓楼区人民政府"]
    assert link(names) == link(reversed(names)) == link(sorted(names))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海市人民政府", "province"),
        ("内蒙古自治区人民政府", "province"),
        ("淮安市人民政府", "city"),
        ("苏州市昆山市人民政府", "county"),
        ("烟台市芝罘区人民政府", "county"),
        ("洪泽区高良涧街道办事处", "town"),
        ("朱坝镇人民政府", "town"),
        ("沭阳县发展和改革局", "department"),
        (None, "unknown"),
    ],
)
def test_the_kind_of_body_is_told_by_its_name(name, expected):
    assert kind(name) == expected
