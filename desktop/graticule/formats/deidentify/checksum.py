"""CRC-CCITT as SCP-ECG and ISHNE use it: polynomial 0x1021, beginning with 0xFFFF."""


def crc_ccitt(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
