"""What a conversation brought, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncReport:
    """sent: log entries; of these accepted (new there), duplicate (there already) and quarantined (kept aside at the server).

    waiting: entries the server has not confirmed yet. pulled: assignments that are new or changed. here, on_server, backed_up:
    entries of this device's log, how many of them the server has confirmed, and how many are in its backups.
    incomplete: data that entries name and neither side holds. held: entries of this reader kept aside at the server.
    """

    sent: int = 0
    accepted: int = 0
    duplicate: int = 0
    waiting: int = 0
    quarantined: int = 0
    pulled: int = 0
    here: int = 0
    on_server: int = 0
    backed_up: int = 0
    incomplete: int = 0
    held: int = 0
