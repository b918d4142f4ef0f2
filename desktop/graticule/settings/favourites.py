"""The reader's own codes on the keys 1 to 9 of the ECG page. A protocol that names favourites goes before them."""

MOST = 9
AT_FIRST = ("sinus", "afib", "aflutter", "avb1", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "vt", "q_severe")


class Favourites:
    """slugs: at most nine, in the order of their keys."""

    def __init__(self) -> None:
        self.slugs: tuple[str, ...] = AT_FIRST

    def use(self, slugs: tuple[str, ...]) -> None:
        """What the settings say; none means those it began with."""
        self.slugs = slugs[:MOST] or AT_FIRST

    def put(self, number: int, slug: str) -> tuple[str, ...]:
        """The slugs with one on the key `number` (1 to 9), a slug standing on one key only."""
        row = [one if one != slug else "" for one in (*self.slugs, *[""] * (MOST - len(self.slugs)))]
        row[number - 1] = slug
        self.slugs = tuple(row)
        return self.slugs
