"""What a number's phrase says: its words by what they mean (lexicon.toml), and the cells they name together.

items.py has the words of each number; documents.py, requests.py, results.py and disputes.py what they name.
What an item leaves out it takes from its neighbours: the noun or verb from the item before (废止12份), the
noun from one after it (共制发27件，现行有效的规范性文件共33件), the outcome from the next where numbers come
first (6件行政复议、26件行政诉讼获维持). A word between a label and its number that the lexicon does not have
leaves the number not understood.
"""

from .coordination import shared
from .disputes import dispute, has_ruling
from .documents import DISCLOSURE, disclosed, documents_of_a_list, of_no_cell
from .items import NOT_KNOWN, Clauses, Item, Parse, labels_of
from .requests import request
from .vocabulary import DISPUTES, Word


def parse(s: Clauses, index: int) -> Parse | None:
    """What a number counts; None where it is not understood. Those before it are read first."""
    for item in s.items[len(s.parses) : index + 1]:
        s.parses[item.index] = _parsed(s, item)
    return s.parses[index]


def _parsed(s: Clauses, item: Item) -> Parse | None:
    if (several := shared(s, item)) is not None:
        return several
    compared = [w for w in item.before if w.id == "compared"]
    if compared and s.covered(compared[-1].end, item.place):
        return None
    if any(w.id == "body" for w in item.before) or _is_dealt_out(s, item):
        return None
    if any(w.id == "listed" for w in item.before):
        return NOT_KNOWN
    head = _head(s, item)
    if head is not None and head.id in DISCLOSURE:
        return disclosed(s, item, head)
    if head is None and (found := documents_of_a_list(s, item)) is not None:
        return found
    if head is not None and head.concept.form == "none":
        return of_no_cell(s, item, head)
    if (head is not None and head.id in DISPUTES) or has_ruling(item):
        return dispute(s, item)
    return request(s, item)


def _is_dealt_out(s: Clauses, item: Item) -> bool:
    """Whether one label stands before several numbers (新收和上年结转申请23件、4件)."""
    bare = [one for one in s.beside(item) if not one.words and not one.shared]
    return any(one.index and s.text[one.place - 1] in "、和及" for one in bare)


def _head(s: Clauses, item: Item) -> Word | None:
    """The thing that the item counts: the last before its number, or the first after it."""
    before = [w for w in item.before if w.kind == "thing"]
    after = [w for w in item.after if w.kind == "thing"]
    aside = before and before[-1].concept.form == "none" and any(w.kind == "result" for w in item.before)
    if before and not aside:
        return before[-1]
    if labels_of(item.before) or item.shared:
        # 收到26件政府信息公开申请: the noun directly after the number is its own
        after = [w for w in after if s.covered(item.place + 1, w.start)]
    return after[0] if after else None
