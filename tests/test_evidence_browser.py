"""The evidence page in a real browser: Debian's chromium, driven by playwright; else these tests skip."""

import io
import shutil
from pathlib import Path

import pypdfium2
import pytest
from test_evidence_page import RAW, hostile_report

from crossfoot.audit import audit
from crossfoot_papers import evidence_page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LIT = "[...document.querySelectorAll('[data-cell].lit')].map(e => e.dataset.cell).sort()"
CLAIMS = "[...document.querySelectorAll('.prose .lit')].map(e => e.id)"


@pytest.fixture(scope="module")
def result():
    return audit(RAW / "zhifu-2019.pdf")


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    target = tmp_path_factory.mktemp("page")
    evidence_page.write(result, RAW / "zhifu-2019.pdf", target)
    return target


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if BROWSER is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def open_page(browser, folder):
    """Opens the page of a folder; at the end, nothing may have been asked of any network nor gone wrong."""
    asked, wrong, contexts = [], [], []

    def open_one(language="en", width=1280, height=900, target=folder, locale="en-GB"):
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto((target / "index.html").as_uri() + (f"?lang={language}" if language else ""))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert wrong == []


def cells(result, *keys):
    terms = result.check_terms[result.check_terms["check"].isin(keys)]
    return sorted(set(terms["cell"]) - {""})


def test_the_page_appears_in_under_a_second(open_page):
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # of the processor, not of the clock
    page.reload()
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    assert 0 < metrics["TaskDuration"] < 1
    assert page.is_visible("h1")


def test_the_page_may_use_the_font_that_it_brings(open_page):
    loaded = "document.fonts.load('16px \"Crossfoot Chinese\"', '罘').then(found => found.map(f => f.status))"
    assert open_page().evaluate(loaded) == ["loaded"]


def test_a_finding_lights_exactly_the_cells_of_its_checks(open_page, result):
    page = open_page()
    page.get_by_role("button", name="Light up every cell concerned").first.click()
    keys = result.finding_checks.loc[
        result.finding_checks["finding"] == result.findings["finding"][0], "check"
    ]
    assert page.evaluate(LIT) == cells(result, *keys)
    terms = result.check_terms[result.check_terms["check"].isin(keys)].merge(result.claims, on="claim")
    starts = sorted({f"n{start}" for start in terms["start"]})
    assert sorted(page.evaluate(CLAIMS)) == starts
    assert "94 requests came in" in page.inner_text("#panel .content")


@pytest.mark.parametrize("key", ["balance:total", "results_total:total", "row_total:granted"])
def test_a_check_lights_its_cells_with_the_sum_worked_out(open_page, result, key):
    page = open_page()
    page.click(f'.verdict[title="{key}"]')
    assert page.evaluate(LIT) == cells(result, key)
    check = result.checks[result.checks["check"] == key].iloc[0]
    sums = [int(text) for text in page.locator("#panel .adding tfoot .n").all_inner_texts()]
    assert sums == [check["left"], check["right"]]
    sign = "=" if check["status"] == "holds" else "≠"
    assert f"{sums[0]} {sign} {sums[1]}" in page.inner_text("#panel .result")
    for side, total in zip(("left", "right"), sums, strict=True):
        figures = page.locator(f"#panel .adding.{side} tbody .n").all_inner_texts()
        assert sum(int(figure) for figure in figures if figure.strip().isdigit()) == total


def test_a_cell_shows_its_checks_its_text_and_its_picture(open_page, result):
    page = open_page()
    page.click('[data-cell="requests:new/total"]')
    panel = page.inner_text("#panel .content")
    for words in ("New this year · Total", "94", "p. 7", "tabula", "94 + – ≠ 94 + 2", "96 ≠ 94", "Σ 94 = 94"):
        assert words in panel
    box = page.locator("#panel svg.crop").bounding_box()
    assert box["width"] > 200 and box["height"] > 30
    picture = page.locator("#panel svg.crop").screenshot()
    assert len(set(picture)) > 50  # something is drawn
    assert page.evaluate(LIT) == ["requests:new/total"]
    page.locator("#panel .line.breaks").first.click()
    assert page.evaluate(LIT) == cells(result, "balance:total")


def test_a_number_of_the_prose_leads_to_its_cell(open_page):
    page = open_page()
    page.locator(".prose .num.differs").first.click()
    assert page.evaluate(LIT) == ["requests:new/total"]
    page.locator("#panel .links .link").click()
    assert page.locator('[data-cell="requests:new/total"].chosen').count() == 1
    assert page.locator('[data-cell="requests:new/total"]').bounding_box()["y"] > 0


def test_a_correction_shows_what_the_cells_would_be(open_page):
    page = open_page()
    page.locator(".card .act").nth(1).click()
    would = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-would]')]"
        ".map(e => [e.dataset.cell, e.dataset.would]))"
    )
    assert would == {
        "requests:carried_in/natural_person": "1",
        "requests:carried_in/enterprise": "1",
        "requests:carried_in/total": "2",
    }


def test_everything_is_reached_by_keyboard(open_page):
    page = open_page()
    focus = (
        "document.activeElement.dataset.cell || document.activeElement.id || document.activeElement.className"
    )
    page.keyboard.press("Tab")
    assert page.evaluate(focus) == "skip"
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.closest('[data-rove], .card, .languages, nav')?.className")
        )
        if page.evaluate("document.activeElement.matches('[data-cell]')"):
            break
    assert {"languages", "card"} <= set(reached)
    assert page.evaluate(focus) == "requests:new/natural_person"
    for key, cell in (
        ("ArrowRight", "requests:new/enterprise"),
        ("ArrowDown", "requests:carried_in/enterprise"),
        ("ArrowDown", "requests:granted/enterprise"),
        ("ArrowUp", "requests:carried_in/enterprise"),
        ("ArrowLeft", "requests:carried_in/natural_person"),
        ("Home", "requests:new/natural_person"),
    ):
        page.keyboard.press(key)
        assert page.evaluate(focus) == cell
    page.keyboard.press("Enter")
    assert page.evaluate(LIT) == ["requests:new/natural_person"]
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.keyboard.press("Escape")
    assert page.evaluate(LIT) == []
    assert page.evaluate(focus) == "requests:new/natural_person"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.matches('.verdict')")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table').classList.contains('disputes')")


def test_a_screen_reader_finds_its_way(open_page):
    page = open_page()
    for role in ("banner", "main", "navigation", "complementary"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.locator("#panel [aria-live=polite]").count() == 1
    cell = page.get_by_role("button", name="94 in a comparison that breaks")
    assert cell.first.get_attribute("title") == "requests:new/total"
    assert page.get_by_role("region", name="Table 3: requests received and handled", exact=True).count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => !b.textContent.trim()).map(b => b.outerHTML)"
    )
    assert unnamed == []


def test_the_language_is_switched_on_the_page(open_page):
    page = open_page(language=None, locale="zh-CN")
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.inner_text("h1").startswith("表三收支不平")
    page.click("[data-language=en]")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.inner_text("h1").startswith("Table 3 does not balance")
    assert page.get_attribute("[data-language=en]", "aria-pressed") == "true"
    english = open_page(language=None, locale="de-DE")
    assert english.evaluate("document.documentElement.lang") == "en"
    assert open_page("zh").evaluate("document.documentElement.lang") == "zh"
    for one in (page, english):
        shown = one.evaluate(
            "[...document.querySelectorAll('.t[lang=zh]')].filter(e => e.getClientRects().length).length"
        )
        assert shown == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(open_page, language):
    page = open_page(language, width=360, height=740)
    wide = "[document.documentElement.scrollWidth, document.body.scrollWidth]"
    assert max(page.evaluate(wide)) <= 360
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.get_by_role(
        "button", name="在表中亮出全部相关单元格" if language == "zh" else "Light up every"
    ).first.click()
    assert max(page.evaluate(wide)) <= 360
    panel = page.locator("#panel").bounding_box()
    assert panel["y"] + panel["height"] <= 741
    boxes = [cell.bounding_box() for cell in page.locator("[data-cell].lit").all()]
    assert any(
        b["x"] >= 0 and b["x"] + b["width"] <= 360 and 0 <= b["y"] <= panel["y"] - b["height"] for b in boxes
    )


def test_print_holds_what_the_screen_folds_away(open_page):
    page = open_page("zh")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(io.BytesIO(printed)) as document:
        sizes = {tuple(round(x) for x in document[i].get_size()) for i in range(len(document))}
        text = "".join(document[i].get_textpage().get_text_range() for i in range(len(document)))
    assert sizes == {(595, 842)} or sizes == {(596, 842)}
    folded = page.locator(".prose details:not([open]) p").last.text_content()[:6]
    assert folded in "".join(text.split())
    assert "没有核对约束的单元格" in "".join(text.split())


def test_a_hostile_report_runs_nothing(open_page, tmp_path):
    path = hostile_report(tmp_path)
    evidence_page.write(audit(path), path, tmp_path / "page")
    page = open_page("zh", target=tmp_path / "page")
    assert page.evaluate("window.pwned") is None
    assert "<script>window.pwned=" in page.locator(".prose").text_content()
    for kind in ("[data-cell]", ".prose .num", ".verdict", ".worked"):
        for button in page.locator(kind).all()[:40]:
            button.dispatch_event("click")
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0


def test_the_file_is_one(folder):
    assert [Path(path).name for path in folder.iterdir()] == ["index.html"]
