"""Connected parts of a mask by its runs: the work grows with the runs, not with the voxels."""


from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def count_runs(mask: Array, words: Array, first: Array) -> int:
    """first: (rows + 1,) int64, becomes the number of runs before each row. mask: (rows, i); words: the same eight at a time, or
    (rows, 0) when a row does not divide by eight."""
    rows, columns = mask.shape
    total = 0
    for row in range(rows):
        first[row] = total
        i = 0
        while i < columns:
            if words.shape[1] and i % 8 == 0 and words[row, i // 8] == 0:
                i += 8
                continue
            if not mask[row, i]:
                i += 1
                continue
            total += 1
            while i < columns and mask[row, i]:
                i += 1
    first[rows] = total
    return total


@compiled
def list_runs(mask: Array, words: Array, start: Array, stop: Array) -> None:
    """start, stop: (runs,) int32 columns of each run, in row order."""
    rows, columns = mask.shape
    n = 0
    for row in range(rows):
        i = 0
        while i < columns:
            if words.shape[1] and i % 8 == 0 and words[row, i // 8] == 0:
                i += 8
                continue
            if not mask[row, i]:
                i += 1
                continue
            start[n] = i
            while i < columns and mask[row, i]:
                i += 1
            stop[n] = i
            n += 1


@compiled
def _root(parent: Array, n: int) -> int:
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


@compiled
def join(first: Array, start: Array, stop: Array, planes: int, rows: int, links: Array, parent: Array) -> int:
    """Join touching runs. links: (n, 3) int64 (planes back, rows back, by how many columns runs may miss each other and touch).

    parent: (runs,) int32, becomes the part number of each run, 0 … parts − 1 in order of their first voxel. Returns parts.
    """
    for n in range(parent.size):
        parent[n] = n
    for k in range(planes):
        for j in range(rows):
            row = k * rows + j
            if first[row] == first[row + 1]:
                continue
            for link in range(links.shape[0]):
                other_k, other_j = k - links[link, 0], j - links[link, 1]
                if other_k < 0 or other_j < 0 or other_j >= rows:
                    continue
                near = links[link, 2]
                other = other_k * rows + other_j
                a, b = first[row], first[other]
                while a < first[row + 1] and b < first[other + 1]:
                    if start[a] < stop[b] + near and start[b] < stop[a] + near:
                        one, two = _root(parent, a), _root(parent, b)
                        if one < two:
                            parent[two] = one
                        elif two < one:
                            parent[one] = two
                    if stop[a] < stop[b]:
                        a += 1
                    else:
                        b += 1
    parts = 0
    for n in range(parent.size):
        if parent[n] == n:
            parent[n] = -1 - parts
            parts += 1
        else:
            root = parent[n]
            while root >= 0:
                root = parent[root]
            parent[n] = root
    for n in range(parent.size):
        parent[n] = -1 - parent[n]
    return parts


@compiled
def draw(first: Array, start: Array, stop: Array, part: Array, values: Array, out: Array) -> None:
    """out: (rows, i), each run filled with the value of its part; the rest is left as it is."""
    for row in range(out.shape[0]):
        for n in range(first[row], first[row + 1]):
            value = values[part[n]]
            if value:
                for i in range(start[n], stop[n]):
                    out[row, i] = value


@compiled
def measure(first: Array, start: Array, stop: Array, part: Array, rows: int, weight: Array, sizes: Array, voxels: Array) -> None:
    """Add up weight[k] and 1 of every voxel into (parts,) sizes and voxels."""
    for row in range(first.size - 1):
        for n in range(first[row], first[row + 1]):
            length = stop[n] - start[n]
            voxels[part[n]] += length
            sizes[part[n]] += length * weight[row // rows]
