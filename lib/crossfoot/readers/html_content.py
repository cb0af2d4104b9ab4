"""What an HTML page holds for the reader `tokens`: text and tables, with cells that hold text and tables."""

from dataclasses import dataclass, field

from .flow import OBJECT, in_words, visible


@dataclass(slots=True)
class Slot:
    """One cell and what is in it: text, with line breaks where a block begins or ends, and tables."""

    colspan: int
    rowspan: int
    content: list["str | Table"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its visible lines, those of tables inside it too."""
        return in_words("\n".join(filter(None, visible(flat(self.content)).split("\n"))))


@dataclass(slots=True)
class Table:
    """Row groups in order of appearance, each its kind and its rows; `loose` is text in no cell.

    `holds_data`: it, or a table inside it, has a row of several cells and more than one filled.
    """

    loose: list["str | Table"] = field(default_factory=list)
    groups: list[tuple[str, list[list[Slot]]]] = field(default_factory=list)
    is_data: bool = False
    holds_data: bool = False

    def slots(self) -> list[Slot]:
        """Its own cells in the order of the file."""
        return [slot for _, rows in self.groups for row in rows for slot in row]

    def judge(self) -> None:
        """Settles whether this is a data table, once it and all inside it are complete."""
        inside = [item for slot in self.slots() for item in slot.content if isinstance(item, Table)]
        inside += [item for item in self.loose if isinstance(item, Table)]
        wide = any(len(row) > 1 for _, rows in self.groups for row in rows)
        self.holds_data = any(table.holds_data for table in inside)
        if not self.holds_data and wide:
            self.is_data = self.holds_data = (
                sum(1 for slot in self.slots() if slot.text.replace(OBJECT, "")) > 1
            )


def flat(content: list[str | Table]) -> str:
    """All text in the content, that of tables on lines of its own."""
    parts: list[str] = []
    for item in content:
        if isinstance(item, str):
            parts.append(item)
        else:
            parts += ["\n", flat(item.loose)]
            parts += ["\n" + flat(slot.content) for slot in item.slots()]
            parts.append("\n")
    return "".join(parts)
