"""What the rhythm strings of WFDB annotation files mean here, and which one to write for a code.

WFDB has one running rhythm and one string for all second-degree block; Graticule keeps rhythm, AV conduction and pacing on
tracks of their own. So reading "(BII" gives a block whose type is not stated, and writing Mobitz II as "(BII" loses its type.
"""

import re

# WFDB string → slug of resources/ontology/rhythm.json. Several strings mean the same; those of single databases are included.
SLUG_OF = {
    "(N": "sinus", "(NSR": "sinus", "(SBR": "sinus_brady", "(AFIB": "afib", "(AFL": "aflutter", "(AB": "atrial_bigeminy",
    "(SVTA": "svt", "(SVT": "svt", "(AT": "atrial_tachy", "(PAT": "atrial_tachy", "(NOD": "junctional", "(J": "junctional",
    "(B": "v_bigeminy", "(T": "v_trigeminy", "(VT": "vt", "(VFL": "vflutter", "(VFIB": "vfib", "(VF": "vfib", "(IVR": "ivr",
    "(VER": "v_escape", "(AIVR": "aivr", "(ASYS": "asystole", "(P": "paced", "(PM": "paced", "(PREX": "preexcitation",
    "(BI": "avb1", "(BII": "avb2", "(B3": "avb3", "(SAB": "sa_block",
}
# Slug → the string of the standard tables (PhysioBank's and LightWAVE's) that says it; it may lose the type.
STRING_OF = {
    "sinus": "(N", "sinus_brady": "(SBR", "afib": "(AFIB", "aflutter": "(AFL", "atrial_bigeminy": "(AB", "svt": "(SVTA",
    "psvt": "(SVTA", "avnrt": "(SVTA", "avrt": "(SVTA", "junctional": "(NOD", "junctional_escape": "(NOD", "v_bigeminy": "(B",
    "v_trigeminy": "(T", "vt": "(VT", "nsvt": "(VT", "vt_poly": "(VT", "torsades": "(VT", "vflutter": "(VFL", "vfib": "(VFIB",
    "ivr": "(IVR", "v_escape": "(IVR", "paced": "(P", "paced_atrial": "(P", "paced_ventricular": "(P", "paced_as_vp": "(P",
    "paced_dual": "(P", "preexcitation": "(PREX", "avb2": "(BII", "avb2_mobitz1": "(BII", "avb2_mobitz2": "(BII",
    "avb2_2to1": "(BII", "avb2_varying": "(BII", "avb_highgrade": "(BII", "avb1": "(BI", "avb3": "(B3",
    "sa_block": "(SAB", "asystole": "(ASYS",
}
# Slug → the string of what it is a kind of, where no string says the slug itself.
KIND_OF = {
    "sa_block1": "(SAB", "sa_block2_1": "(SAB", "sa_block2_2": "(SAB", "sa_block3": "(SAB", "sinus_tachy": "(N",
    "sinus_arrhythmia": "(N", "atrial_tachy": "(SVTA", "multifocal_at": "(SVTA", "junctional_tachy": "(SVTA",
    "narrow_tachy": "(SVTA", "acc_junctional": "(NOD", "aivr": "(IVR",
}
# Where a label ends and none follows: no standard table has a string for it, and programs need one.
UNLABELLED = "(UNLABELLED"
_OWN = re.compile(r"\([A-Z0-9_]+$")


def slug_of(aux: str) -> str | None:
    """The slug a rhythm string stands for: one of WFDB's, or our own spelling of a slug; None for any other text."""
    known = SLUG_OF.get(aux)
    return known if known is not None else aux[1:].lower() if _OWN.match(aux) else None


def string_of(slug: str) -> str:
    """"" where no string of the standard tables says it."""
    return STRING_OF.get(slug) or KIND_OF.get(slug, "")


def is_exact(slug: str) -> bool:
    """Whether reading the string back gives this very slug."""
    return slug_of(string_of(slug)) == slug
