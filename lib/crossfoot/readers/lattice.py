"""Table cells out of ruling lines: geometry only, no page, no text.

Rules are joined over gaps, gathered into tables by where they touch, and each table's plane is cut along
them into cells; a cell is what the rules enclose, however many rows and columns it covers. A table that a
page break cut open has no rule at the foot (or head): its uprights end together there, and that is where it
is closed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from .boxes import TOLERANCE, Box
from .rulings import Rulings, Segment

_WIDEST = 4.5  # points: rules within it are one (a double line, the frames of two neighbours)
_GAP = 3.5  # points: between the dashes of one line
_SHORTEST = 6.0  # points: what is shorter after joining is a mark, not a rule
_COVERED = 0.7  # of a cell's side: so much of it ruled counts as ruled
_SLIVER = 4.0  # points: no printed cell is that narrow or low
_FACES = 400_000  # a finer mesh is a drawing; no page of 10,000 rows reaches it
_Face = tuple[int, int]
_Span = tuple[int, int, int, int]  # first row, first column, row after the last, column after the last


def tables(found: Rulings) -> list[list[Box]]:
    """The cells (x0, top, x1, bottom) of each table that the rulings draw, tables from top to bottom.

    A merged cell is one cell. Only tables with cells side by side are given: frames and boxes of
    shading around text are none.
    """
    level = _long(_join(found.level, 1.0))
    upright = _long(_join(found.upright, 1.0))
    result = []
    for lines, posts in _touching(level, upright):
        cells = _cells(lines, posts)
        if len({round(cell[0]) for cell in cells}) > 1:
            result.append(sorted(cells, key=lambda c: (c[1], c[0])))
    return sorted(result, key=lambda cells: (cells[0][1], cells[0][0]))


def _join(segments: Iterable[Segment], apart: float) -> list[Segment]:
    """Segments in one line as one, over gaps between dashes; those within `apart` lie in one line."""
    ordered = sorted(segments)
    joined: list[Segment] = []
    first = 0
    while first < len(ordered):
        after = first
        while after < len(ordered) and ordered[after].at - ordered[first].at <= apart:
            after += 1
        group = sorted(ordered[first:after], key=lambda s: s.start)
        runs: list[list[Segment]] = []
        end = float("-inf")
        for segment in group:
            if segment.start - end > _GAP:
                runs.append([])
                end = segment.end
            runs[-1].append(segment)
            end = max(end, segment.end)
        for run in runs:
            weight = sum(max(s.end - s.start, 0.1) for s in run)
            at = sum(s.at * max(s.end - s.start, 0.1) for s in run) / weight
            joined.append(Segment(at, run[0].start, max(s.end for s in run)))
        first = after
    return joined


def _long(segments: Iterable[Segment]) -> list[Segment]:
    return sorted(s for s in segments if s.end - s.start >= _SHORTEST)


def _touching(level: list[Segment], upright: list[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """The rules by table: those that touch, directly or through others, and both kinds present."""
    parent = list(range(len(level) + len(upright)))
    heights = [line.at for line in level]
    for number, post in enumerate(upright, start=len(level)):
        low = bisect_left(heights, post.start - TOLERANCE)
        high = bisect_right(heights, post.end + TOLERANCE)
        for index in range(low, high):
            if level[index].start - TOLERANCE <= post.at <= level[index].end + TOLERANCE:
                parent[_root(parent, number)] = _root(parent, index)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for index in range(len(parent)):
        lines, posts = groups.setdefault(_root(parent, index), ([], []))
        if index < len(level):
            lines.append(level[index])
        else:
            posts.append(upright[index - len(level)])
    return [(lines, posts) for lines, posts in groups.values() if lines and posts]


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _close(posts: list[Segment], lines: list[Segment]) -> list[Segment]:
    """Rules that close a table where two or more posts end together and no line meets them."""
    added = []
    for side in ("start", "end"):
        loose = sorted(
            (getattr(post, side), post.at)
            for post in posts
            if not any(
                abs(line.at - getattr(post, side)) <= _WIDEST
                and line.start - TOLERANCE <= post.at <= line.end + TOLERANCE
                for line in lines
            )
        )
        while loose:
            together = [end for end in loose if end[0] - loose[0][0] <= _WIDEST]
            loose = loose[len(together) :]
            across = [at for _, at in together]
            if max(across) - min(across) > _WIDEST:
                ends = [end for end, _ in together]
                added.append(Segment(max(ends) if side == "end" else min(ends), min(across), max(across)))
    return added


def _closed(lines: list[Segment], posts: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The rules with those that close the table; where two new ones leave a corner open, they meet in it."""
    added_posts = _close(lines, posts)
    added_lines = [
        line._replace(
            start=min([line.start, *(post.at for post in added_posts)]),
            end=max([line.end, *(post.at for post in added_posts)]),
        )
        for line in _close(posts, lines)
    ]
    added_posts = [
        post._replace(
            start=min([post.start, *(line.at for line in added_lines)]),
            end=max([post.end, *(line.at for line in added_lines)]),
        )
        for post in added_posts
    ]
    return lines + added_lines, posts + added_posts


def _cells(lines: list[Segment], posts: list[Segment]) -> list[Box]:
    lines, posts = _closed(lines, posts)
    ys = _levels([s.at for s in lines] + [end for s in posts for end in (s.start, s.end)], lines)
    xs = _levels([s.at for s in posts] + [end for s in lines for end in (s.start, s.end)], posts)
    if len(ys) < 2 or len(xs) < 2 or (len(ys) + 1) * (len(xs) + 1) > _FACES:
        return []
    ruled = _ruled(lines, ys, xs)
    walled = _ruled(posts, xs, ys)
    mesh = _Mesh(ys, xs, ruled, walled)
    cells = []
    for top, left, bottom, right in mesh.spans():
        box = (xs[left], ys[top], xs[right], ys[bottom])
        if box[2] - box[0] >= _SLIVER and box[3] - box[1] >= _SLIVER:
            cells.append(box)
    return cells


def _levels(values: Sequence[float], rules: list[Segment]) -> list[float]:
    """The distinct heights (or widths) at which a table is cut; those of a rule count before loose ends."""
    found = []
    certain = [rule.at for rule in rules]
    ordered = sorted(set(values))
    first = 0
    while first < len(ordered):
        after = first + 1
        while (
            after < len(ordered)
            and ordered[after] - ordered[after - 1] <= TOLERANCE
            and ordered[after] - ordered[first] <= _WIDEST
        ):
            after += 1
        group = ordered[first:after]
        ruled = [at for at in certain if group[0] <= at <= group[-1]] or group
        found.append(sum(ruled) / len(ruled))
        first = after
    return found


def _ruled(rules: list[Segment], levels: list[float], marks: list[float]) -> set[_Face]:
    """The (level, interval between marks) that are ruled over."""
    by_level: dict[int, list[Segment]] = {}
    for rule in rules:
        nearest = min(
            range(
                max(bisect_left(levels, rule.at) - 1, 0), min(bisect_left(levels, rule.at) + 1, len(levels))
            ),
            key=lambda i: abs(levels[i] - rule.at),
        )
        by_level.setdefault(nearest, []).append(rule._replace(at=0.0))
    found = set()
    for level, members in by_level.items():
        for rule in _join(members, 0.0):
            start = max(bisect_right(marks, rule.start) - 1, 0)
            for interval in range(start, len(marks) - 1):
                low, high = marks[interval], marks[interval + 1]
                if low >= rule.end:
                    break
                if min(high, rule.end) - max(low, rule.start) >= _COVERED * (high - low):
                    found.add((level, interval))
    return found


class _Mesh:
    """The faces between all levels and posts of a table, and which of them the rules part."""

    def __init__(self, ys: list[float], xs: list[float], ruled: set[_Face], walled: set[_Face]) -> None:
        self.ys, self.xs = ys, xs
        self.rows, self.columns = len(ys) - 1, len(xs) - 1
        self.ruled = ruled  # (level, column): ruled above row `level`
        self.walled = walled  # (post, row): walled left of column `post`

    def spans(self) -> list[_Span]:
        """The cells, as spans of faces."""
        inside, outside = self._regions()
        found = []
        for faces in inside:
            top, bottom = min(f[0] for f in faces), max(f[0] for f in faces) + 1
            left, right = min(f[1] for f in faces), max(f[1] for f in faces) + 1
            if (bottom - top) * (right - left) == len(faces):
                found.append((top, left, bottom, right))
            else:  # a rule is missing in part: the fewest and shortest cuts are the likeliest
                across, down = self._by_rows(faces), self._by_columns(faces)
                found += across if self._cuts(across) <= self._cuts(down) else down
        open_cells = [
            [span for span in spans if self._closed_sides(span) >= 3]
            for spans in (self._by_rows(outside), self._by_columns(outside))
        ]
        return found + max(open_cells, key=lambda spans: sum((b - t) * (r - le) for t, le, b, r in spans))

    def _cuts(self, spans: list[_Span]) -> tuple[int, float]:
        """How many rectangles, and how long their sides are together."""
        sides = (self.ys[b] - self.ys[t] + self.xs[r] - self.xs[le] for t, le, b, r in spans)
        return len(spans), sum(sides)

    def _regions(self) -> tuple[list[set[_Face]], set[_Face]]:
        """The faces that rules enclose, by region, and those that the outside reaches."""
        seen: set[_Face] = set()
        inside: list[set[_Face]] = []
        outside: set[_Face] = set()
        for row in range(self.rows):
            for column in range(self.columns):
                if (row, column) in seen:
                    continue
                region, leaks = self._flood((row, column))
                seen |= region
                if leaks:
                    outside |= region
                else:
                    inside.append(region)
        return inside, outside

    def _flood(self, start: _Face) -> tuple[set[_Face], bool]:
        region, leaks, todo = {start}, False, [start]
        while todo:
            row, column = todo.pop()
            for face, open_way in (
                ((row - 1, column), (row, column) not in self.ruled),
                ((row + 1, column), (row + 1, column) not in self.ruled),
                ((row, column - 1), (column, row) not in self.walled),
                ((row, column + 1), (column + 1, row) not in self.walled),
            ):
                if not open_way or face in region:
                    continue
                if 0 <= face[0] < self.rows and 0 <= face[1] < self.columns:
                    region.add(face)
                    todo.append(face)
                else:
                    leaks = True
        return region, leaks

    def _by_rows(self, faces: set[_Face]) -> list[_Span]:
        """The faces as rectangles, each grown to the right first and then down."""
        left, found = set(faces), []
        for row, column in sorted(faces):
            if (row, column) not in left:
                continue
            right = column + 1
            while (row, right) in left and (right, row) not in self.walled:
                right += 1
            bottom = row + 1
            while self._row_continues(left, bottom, column, right):
                bottom += 1
            left -= {(r, c) for r in range(row, bottom) for c in range(column, right)}
            found.append((row, column, bottom, right))
        return found

    def _row_continues(self, left: set[_Face], row: int, column: int, right: int) -> bool:
        return (
            all((row, c) in left and (row, c) not in self.ruled for c in range(column, right))
            and not any((c, row) in self.walled for c in range(column + 1, right))
            and ((row, column - 1) not in left or (column, row) in self.walled)
            and ((row, right) not in left or (right, row) in self.walled)
        )

    def _by_columns(self, faces: set[_Face]) -> list[_Span]:
        """The faces as rectangles, each grown down first and then to the right."""
        turned = _Mesh(self.xs, self.ys, self.walled, self.ruled)
        spans = turned._by_rows({(column, row) for row, column in faces})
        return [(left, top, right, bottom) for top, left, bottom, right in spans]

    def _closed_sides(self, span: _Span) -> int:
        top, left, bottom, right = span
        return (
            all((top, c) in self.ruled for c in range(left, right))
            + all((bottom, c) in self.ruled for c in range(left, right))
            + all((left, r) in self.walled for r in range(top, bottom))
            + all((right, r) in self.walled for r in range(top, bottom))
        )
