"""Cheapest paths from labelled seeds, in whole-number costs with a ring of buckets, kept so that seeds can come and go.

The same cost as the fast grow-cut of Zhu et al. (Insight Journal 2014): the change of value plus a price of the way. Each
voxel keeps the way it
was reached by; when seeds go, only the voxels whose way came from them are done again. Of equal paths the lower label wins,
so the answer is one and the same however it was reached.
"""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled

FAR = np.int32(2_000_000_000)
WALLED = -1
ROOT, NONE = 254, 255
FREE, SEED, WALL = 0, 1, 2


@compiled
def forget(gone: Array, offsets: Array, back: Array, label: Array, cost: Array, way: Array, kind: Array, stack: Array) -> int:
    """Take the voxels `gone` (flat) and all that were reached through them out of the answer.

    back[n] is the number of the way against offsets[n]. stack: (voxels,) int32 of space; stack[:count] becomes what was
    taken out.
    """
    count = 0
    for n in range(gone.size):
        if way[gone[n]] != NONE:
            way[gone[n]] = NONE
            stack[count] = gone[n]
            count += 1
    done = 0
    while done < count:
        at = stack[done]
        done += 1
        label[at], cost[at] = 0, FAR
        for n in range(offsets.size):
            other = np.uintp(at + offsets[n])
            if way[other] == back[n] and kind[other] == FREE:
                way[other] = NONE
                stack[count] = other
                count += 1
    return count


@compiled
def rim(taken: Array, offsets: Array, way: Array, kind: Array, mark: Array, out: Array) -> int:
    """out[:count]: the reached voxels beside those taken out, each once. mark: (voxels,) bool, all False, and so again after."""
    count = 0
    for n in range(taken.size):
        for m in range(offsets.size):
            other = taken[n] + offsets[m]
            if way[other] != NONE and kind[other] != WALL and not mark[other]:
                mark[other] = True
                out[count] = other
                count += 1
    for n in range(count):
        mark[out[n]] = False
    return count


@compiled
def spread(value: Array, prices: Array, plane: int, offsets: Array, back: Array, label: Array, cost: Array, way: Array,
           waiting: Array, head: Array, after: Array, before: Array, state: Array, steps: int) -> int:
    """Go on until nothing gets cheaper, or for `steps` voxels. Returns how many voxels still wait, 0 when done.

    value: (voxels,) int16; prices: (planes, n) int32 ≥ 1 of each way from each plane (`plane` voxels make one).
    waiting: flat indices of reached voxels to start from, by rising cost. head: (a power of two above the dearest step,)
    int32, −1 at first. state: (3,) int64: next of `waiting`, the cost at hand, voxels in the ring; kept between calls.
    """
    ring = head.size - 1
    most_step = head.size - 1
    at, here, inside = state[0], state[1], state[2]
    while steps > 0:
        if inside == 0:
            if at >= waiting.size:
                break
            here = max(here, np.int64(cost[waiting[at]]))
        while at < waiting.size and cost[waiting[at]] <= here:
            now = waiting[at]
            at += 1
            if before[now] == -2:
                bucket = cost[now] & ring
                first = head[bucket]
                after[now], before[now] = first, -1
                if first >= 0:
                    before[first] = now
                head[bucket] = now
                inside += 1
        now = head[here & ring]
        if now < 0:
            here += 1
            continue
        steps -= 1
        following = after[now]
        head[here & ring] = following
        if following >= 0:
            before[following] = -1
        before[now] = -2
        inside -= 1
        own, mine, floor = np.int32(value[now]), label[now], cost[now]
        row = now // plane
        for n in range(offsets.size):
            # Unsigned, or numba would ask at each access whether the place counts from the end.
            other = np.uintp(now + offsets[n])
            kept = cost[other]
            # Seeds cost 0 and walls less, so neither can get cheaper.
            if kept <= floor:
                continue
            step = abs(np.int32(value[other]) - own) + prices[row, n]
            reached = floor + min(step, most_step)
            if reached > kept or (reached == kept and mine >= label[other]):
                continue
            label[other], way[other] = mine, back[n]
            # One that waits passes its new label on by itself; one that was done before these seeds came has to be done again.
            if reached == kept and before[other] != -2:
                continue
            if before[other] != -2:
                next_one, last_one = after[other], before[other]
                if last_one >= 0:
                    after[last_one] = next_one
                else:
                    head[kept & ring] = next_one
                if next_one >= 0:
                    before[next_one] = last_one
                inside -= 1
            cost[other] = reached
            bucket = reached & ring
            first = head[bucket]
            after[other], before[other] = first, -1
            if first >= 0:
                before[first] = other
            head[bucket] = other
            inside += 1
    state[0], state[1], state[2] = at, here, inside
    return int(inside + waiting.size - at)


@compiled
def wire(price: Array, diagonal: float, seed: int, cost: Array, way: Array, head: Array, after: Array, before: Array) -> None:
    """From one pixel to all others of a (rows, columns) int32 price map (the price of stepping onto a pixel, ≥ 1), 8 neighbours.

    cost: (pixels,) int32, FAR at first; way: (pixels,) int32, becomes the pixel before, −1 at the seed. head, after, before
    as in `spread`.
    """
    rows, columns = price.shape
    flat = price.reshape(-1)
    ring = head.size - 1
    cost[seed], way[seed] = 0, -1
    head[0] = seed
    after[seed], before[seed] = -1, -1
    inside, here = 1, 0
    while inside:
        now = head[here & ring]
        if now < 0:
            here += 1
            continue
        head[here & ring] = after[now]
        if after[now] >= 0:
            before[after[now]] = -1
        before[now] = -2
        inside -= 1
        row, column = now // columns, now % columns
        for y in range(max(0, row - 1), min(rows, row + 2)):
            for x in range(max(0, column - 1), min(columns, column + 2)):
                other = y * columns + x
                kept = cost[other]
                if kept <= here:
                    continue
                step = flat[other]
                if y != row and x != column:
                    step = int(step * diagonal + 0.5)
                reached = here + step
                if reached >= kept:
                    continue
                if before[other] != -2:
                    next_one, last_one = after[other], before[other]
                    if last_one >= 0:
                        after[last_one] = next_one
                    else:
                        head[kept & ring] = next_one
                    if next_one >= 0:
                        before[next_one] = last_one
                    inside -= 1
                cost[other], way[other] = reached, now
                first = head[reached & ring]
                after[other], before[other] = first, -1
                if first >= 0:
                    before[first] = other
                head[reached & ring] = other
                inside += 1
