"""The attributes that grouping, geometry and the facts of a case need, beside those of the pixels (`header.py`)."""

GEOMETRY = (
    "SliceLocation", "GantryDetectorTilt", "DetectorInformationSequence", "FrameIncrementPointer", "SliceVector",
    "TimeSlotVector",
    "TimeSliceVector", "EnergyWindowVector", "DetectorVector", "PhaseVector", "RotationVector", "RRIntervalVector",
    "AngularViewVector", "DimensionIndexSequence", "VolumetricProperties",
)
MOMENTS = (
    "ComplexImageComponent", "KVP", "ConvolutionKernel", "FlipAngle", "DiffusionGradientOrientation", "FrameReferenceTime",
    "NominalPercentageOfCardiacPhase", "EffectiveEchoTime", "ContentDate", "AcquisitionDateTime",
)
PET = (
    "Manufacturer", "ActualFrameDuration", "DecayCorrected", "DecayCorrectionDateTime", "PatientSize",
)
ABOUT = (
    "PatientID", "IssuerOfPatientID", "PatientAge", "PatientBirthDate", "PatientSex", "AdditionalPatientHistory",
    "ReasonForStudy",
    "ReasonForTheRequestedProcedure", "ReasonForVisit", "AdmittingDiagnosesDescription", "StudyDate", "StudyTime",
    "ImageLaterality", "Laterality", "TrackingUID", "TrackingID",
)
# What a picture's listing warns of, as its opening does.
PICTURES = (
    "PresentationIntentType", "LossyImageCompressionMethod", "BurnedInAnnotation", "SequenceOfUltrasoundRegions",
    "PixelSpacingCalibrationType", "EstimatedRadiographicMagnificationFactor",
)
ALL = (*GEOMETRY, *MOMENTS, *PET, *ABOUT, *PICTURES)
