"""What pydicom and the decoders raise when a file is damaged or hostile."""

from pydicom.errors import BytesLengthException, InvalidDicomError

from graticule.formats.damage import DAMAGE

DICOM_DAMAGE: tuple[type[Exception], ...] = (InvalidDicomError, BytesLengthException, *DAMAGE)
