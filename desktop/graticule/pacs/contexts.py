"""Presentation contexts (PS3.8 §9.3.2.2): which objects, in which encodings, one association speaks of; 128 at most."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from pydicom import uid
from pydicom.uid import UID
from pynetdicom import StoragePresentationContexts, build_context
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import _STORAGE_CLASSES

T = TypeVar("T")

MOST = 128
_FOR_QUERY = 1  # the context of C-GET itself

PLAIN = [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian]
# One context for each: in a context of several the archive chooses one, and would re-code what it stores otherwise.
STORED = [uid.JPEG2000Lossless, uid.JPEGLosslessSV1, uid.JPEGLossless, uid.JPEGLSLossless, uid.RLELossless, uid.JPEG2000,
          uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless, uid.DeflatedExplicitVRLittleEndian,
          uid.ExplicitVRBigEndian, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K, uid.MPEG2MPML, uid.MPEG4HP41,
          uid.HEVCMP51]

# Asked for first when the archive does not say which classes a series holds.
COMMON = [uid.CTImageStorage, uid.MRImageStorage, uid.ComputedRadiographyImageStorage, uid.DigitalXRayImageStorageForPresentation,
          uid.EnhancedMRImageStorage, uid.EnhancedCTImageStorage]


def storage_classes() -> list[UID]:
    """Every storage class there is, the common ones first."""
    known = [UID(value) for value in _STORAGE_CLASSES.values()]
    rest = [UID(str(context.abstract_syntax)) for context in StoragePresentationContexts]
    return list(dict.fromkeys([*COMMON, *rest, *known]))


def fetching_contexts(classes: Sequence[str]) -> Iterator[list[PresentationContext]]:
    """Contexts for C-GET, one list for each association. classes: those of the objects; () tries every class there is."""
    wanted = [UID(name) for name in dict.fromkeys(classes) if name] or storage_classes()
    pairs = [build_context(name, syntaxes) for name in wanted for syntaxes in (PLAIN, *([syntax] for syntax in STORED))]
    yield from in_lots(pairs, MOST - _FOR_QUERY)


def listening_contexts() -> list[PresentationContext]:
    """What this computer takes while C-MOVE sends to it: everything; only the asking side is limited to 128."""
    return [build_context(name, [*PLAIN, *STORED]) for name in storage_classes()]


def sending_contexts(objects: Iterable[tuple[str, str]]) -> list[PresentationContext]:
    """Contexts for C-STORE. objects: (class, transfer syntax) of each file; at most 128 kinds.

    A file is offered as it is; one in a plain encoding may go in the other plain one, which is the same without loss.
    """
    kinds = dict.fromkeys((name, tuple(PLAIN) if syntax in PLAIN else (syntax,)) for name, syntax in objects)
    return [build_context(name, list(syntaxes)) for name, syntaxes in kinds]


def in_lots(things: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(things), size):
        yield list(things[start:start + size])
