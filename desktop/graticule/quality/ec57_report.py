"""Beat-by-beat figures as the tables of EC57: the matrix, the condensed one, and one line a record.

Spacing is our own; the words and numbers stand in the order in which `bxb -S`, `-s`, `-C` and `-L` print them, so that what reads
those reads these.
"""

from collections.abc import Sequence

from graticule.quality.ec57_matrix import BeatMatrix
from graticule.quality.rate import Rate

_N, _S, _V, _FQ, _OX = "N", "S", "V", "FQ", "OX"
_NFQ = "NFQ"
_LINE = ((_N, _NFQ), (_S, _NFQ), (_V, _NFQ), (_FQ, _NFQ), (_OX, _NFQ), (_N, _S), (_S, _S), (_V, _S), (_FQ, _S), (_OX, _S),
         (_N, _V), (_S, _V), (_V, _V), (_FQ, _V), (_OX, _V), (_N, _OX), (_S, _OX), (_V, _OX), (_FQ, _OX))
LINE_HEADING = ("Record Nn' Sn' Vn' Fn' On' Ns Ss Vs Fs' Os' Nv Sv Vv Fv' Ov' No' So' Vo' Fo' "
                "Q Se Q +P V Se V +P S Se S +P RR err")


def standard(matrix: BeatMatrix, record: str, reference: str, test: str, *, sveb: bool = True) -> str:
    """The whole matrix with every figure; without sveb, supraventricular beats count as normal ones."""
    shown = matrix if sveb else matrix.without_s
    classes = "NSVFQ" if sveb else "NVFQ"
    table = [_row("", (*classes.lower(), "o", "x")), "   " + "_" * (36 if sveb else 31)]
    table += [_row(row, [shown[row, column] for column in (classes if row in _OX else classes + _OX)])
              for row in classes + _OX]
    return "\n".join([*_heading(record, reference, test), "               Algorithm", *table, "", *_figures(matrix, sveb)])


def condensed(matrix: BeatMatrix, record: str, reference: str, test: str) -> str:
    """Normal, fusion and unclassifiable calls in one column, as EC57's summary has it."""
    columns: tuple[str, ...] = (_NFQ, _S, _V, _OX)
    table = [_row("", ("n+f+q", "s", "v", "o+x")), "   " + "_" * 26]
    for row in (_N, _S, _V, _FQ, _OX):
        used = columns[:3] if row == _OX else columns
        table.append(_row("+".join(row), [matrix.total(row, column) for column in used]))
    return "\n".join([*_heading(record, reference, test), "         Algorithm", *table, "", *_figures(matrix, True)])


def line(matrix: BeatMatrix, record: str) -> str:
    """One record's row of a table under LINE_HEADING."""
    counts = [matrix.total(rows, columns) for rows, columns in _LINE]
    rates = (matrix.qrs_se, matrix.qrs_ppv, matrix.veb_se, matrix.veb_ppv, matrix.sveb_se, matrix.sveb_ppv)
    shares = ["-" if rate.value is None else f"{100 * rate.value:.2f}" for rate in rates]
    return " ".join([f"{record:>4}", *(f"{n:4d}" for n in counts), *shares, _ms(matrix)])


def _heading(record: str, reference: str, test: str) -> list[str]:
    return [f"Beat-by-beat comparison results for record {record}", f"Reference annotator: {reference}",
            f"     Test annotator: {test}", ""]


def _row(name: str, cells: Sequence[object]) -> str:
    bar = "|" if name else " "
    return f"{name:>4} {bar} " + " ".join(f"{cell!s:>5}" for cell in cells)


def _figures(matrix: BeatMatrix, sveb: bool) -> list[str]:
    shown = matrix if sveb else matrix.without_s
    out = [_say("QRS sensitivity", shown.qrs_se), _say("QRS positive predictivity", shown.qrs_ppv),
           _say("VEB sensitivity", shown.veb_se), _say("VEB positive predictivity", shown.veb_ppv)]
    if sveb:
        out += [_say("SVEB sensitivity", shown.sveb_se), _say("SVEB positive predictivity", shown.sveb_ppv),
                f"{'RMS RR interval error':>26}: {_ms(matrix)} {'ms' if matrix.rr_errors else ''}"]
    else:
        out.append(_say("VEB false positive rate", shown.veb_fpr, 3))
    out += ["", _say("Beats missed in shutdown", shown.lost_beats)]
    out += [_say(f"{kind} missed in shutdown", shown.lost(kind)) for kind in ("NSVF" if sveb else "NVF")]
    return [*out, f"{'Total shutdown time':>26}: {matrix.shutdown_s:5d} seconds", ""]


def _say(name: str, rate: Rate, decimals: int = 2) -> str:
    share = "-" if rate.value is None else f"{100 * rate.value:.{decimals}f}%"
    return f"{name:>26}: {share:>7} ({rate.hits}/{rate.total})"


def _ms(matrix: BeatMatrix) -> str:
    rms = matrix.rms_rr_ms
    return "-" if rms is None else f"{rms:.2f}"
