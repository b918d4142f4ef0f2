import pytest

from fakes.desk import PASSWORD, FakeLabels, case
from graticule.domain.case import State
from graticule.domain.errors import GraticuleError
from graticule.presenters.signing import Signing
from graticule.presenters.worklist import Worklist


def test_only_finished_reads_wait_and_a_wrong_password_signs_nothing() -> None:
    labels = FakeLabels()
    worklist = Worklist([case(1), case(2), case(3)], {"c1:01": State.FINISHED, "c1:02": State.SEALED})
    signing = Signing(labels, worklist, "Dr. A. Reader")
    assert [row.case_id for row in signing.waiting()] == ["c1:01"]
    with pytest.raises(GraticuleError, match="password is not right"):
        signing.sign(["c1:01"], "wrong")
    assert labels.signed == set()
    assert signing.sign(["c1:01"], PASSWORD) == 1 and labels.signed == {"c1:01"}
