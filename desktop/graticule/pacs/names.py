"""Person names (PS3.5 §6.2.1): carets become spaces, component groups stand beside each other."""


def reading_order(name: str) -> str:
    """“Müller^Anna^^Dr.” becomes “Müller, Anna Dr.”; “Wang^XiaoDong=王^小东” becomes “Wang, XiaoDong (王 小东)”."""
    groups = [group for group in name.split("=") if group.strip("^ ")]
    if not groups:
        return ""
    family, *others = (part.strip() for part in groups[0].split("^"))
    given = " ".join(part for part in others if part)
    first = f"{family}, {given}" if family and given else family or given
    beside = [" ".join(part for part in group.split("^") if part) for group in groups[1:2]]
    return f"{first} ({beside[0]})" if beside and beside[0] != first else first


def name_key(typed: str) -> str:
    """What is asked for when somebody typed part of a name: “Müller, An” → “Müller^An*”. Wildcards that were typed stay."""
    family, comma, given = typed.strip().partition(",")
    key = f"{family.strip()}^{given.strip()}" if comma else family.strip()
    return key if not key or "*" in key or "?" in key else key + "*"
