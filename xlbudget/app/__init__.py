"""The use cases, a module each; the one place where the parts are put together. (The audit: auditing.py.)"""

from xlbudget.app.creating import create, new_workbook
from xlbudget.app.explaining import explain_workbook
from xlbudget.app.filling import (
    announce_computed,
    clear_results,
    fill_workbook,
    filled_workbook,
    settle,
    write_computed,
    write_figures,
    write_findings,
    write_results,
)
from xlbudget.app.opening import (
    INPUT_NAMES,
    CannotGoOn,
    Opened,
    exists,
    is_input,
    load_profile,
    open_host,
    open_workbook,
    package_of,
    sound,
)
from xlbudget.app.running import (
    Destinations,
    check_destinations,
    check_folder,
    default_output,
    replace_report,
    reports_beside,
    run,
)

__all__ = [
    "INPUT_NAMES",
    "CannotGoOn",
    "Destinations",
    "Opened",
    "announce_computed",
    "check_destinations",
    "check_folder",
    "clear_results",
    "create",
    "default_output",
    "exists",
    "explain_workbook",
    "fill_workbook",
    "filled_workbook",
    "is_input",
    "load_profile",
    "new_workbook",
    "open_host",
    "open_workbook",
    "package_of",
    "replace_report",
    "reports_beside",
    "run",
    "settle",
    "sound",
    "write_computed",
    "write_figures",
    "write_findings",
    "write_results",
]
