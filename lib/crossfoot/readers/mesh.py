"""A table's plane, cut along all its levels and posts into faces, and the cells that its rules leave."""

Face = tuple[int, int]
Span = tuple[int, int, int, int]  # first row, first column, row after the last, column after the last


class Mesh:
    """The faces between all levels and posts of a table, and which of them the rules part."""

    def __init__(self, ys: list[float], xs: list[float], ruled: set[Face], walled: set[Face]) -> None:
        self.ys, self.xs = ys, xs
        self.rows, self.columns = len(ys) - 1, len(xs) - 1
        self.ruled = ruled  # (level, column): ruled above row `level`
        self.walled = walled  # (post, row): walled left of column `post`

    def spans(self) -> list[Span]:
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

    def _cuts(self, spans: list[Span]) -> tuple[int, float]:
        """How many rectangles, and how long their sides are together."""
        sides = (self.ys[b] - self.ys[t] + self.xs[r] - self.xs[le] for t, le, b, r in spans)
        return len(spans), sum(sides)

    def _regions(self) -> tuple[list[set[Face]], set[Face]]:
        """The faces that rules enclose, by region, and those that the outside reaches."""
        seen: set[Face] = set()
        inside: list[set[Face]] = []
        outside: set[Face] = set()
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

    def _flood(self, start: Face) -> tuple[set[Face], bool]:
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

    def _by_rows(self, faces: set[Face]) -> list[Span]:
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

    def _row_continues(self, left: set[Face], row: int, column: int, right: int) -> bool:
        return (
            all((row, c) in left and (row, c) not in self.ruled for c in range(column, right))
            and not any((c, row) in self.walled for c in range(column + 1, right))
            and ((row, column - 1) not in left or (column, row) in self.walled)
            and ((row, right) not in left or (right, row) in self.walled)
        )

    def _by_columns(self, faces: set[Face]) -> list[Span]:
        """The faces as rectangles, each grown down first and then to the right."""
        turned = Mesh(self.xs, self.ys, self.walled, self.ruled)
        spans = turned._by_rows({(column, row) for row, column in faces})
        return [(left, top, right, bottom) for top, left, bottom, right in spans]

    def _closed_sides(self, span: Span) -> int:
        top, left, bottom, right = span
        return (
            all((top, c) in self.ruled for c in range(left, right))
            + all((bottom, c) in self.ruled for c in range(left, right))
            + all((left, r) in self.walled for r in range(top, bottom))
            + all((right, r) in self.walled for r in range(top, bottom))
        )
