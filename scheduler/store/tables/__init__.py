"""The schema, one class per table; `migrations` builds the same, and a test holds the two together.

Rows are written and read by plain statements (several times as fast as mapped objects); where a table's rows are few,
its class also serves as the value that functions take and return. Every moment is kept in UTC.
"""

from scheduler.store.column_types import EPOCH, MICROSECOND, Json, Moment, Name

from .asked import (
    HealthAnswerRow,
    HealthAskedRow,
    HealthResultRow,
    HealthRoundRow,
    HealthSpentRow,
    HealthTokenRow,
)
from .claimed import ClaimRow
from .clocked import ClockRow
from .columns import row, table
from .daemons import DaemonRow, EnvironmentRow, SightingRow
from .decided import (
    ActionRow,
    DecisionRow,
    ExitWordRow,
    JudgementRow,
    LaunchTickRow,
    MinutesFilingRow,
    ObjectionRow,
    ParkedItemRow,
    TriggerEventRow,
    UnreadMinutesRow,
    UnregisteredMinutesRow,
)
from .disputed import DefinitionChangeRow, DisputeRow
from .governed import (
    AbsenceRow,
    DefinitionVersionRow,
    DraftRow,
    FileState,
    MemberRow,
    OwnSettingRow,
    PartnershipRow,
    ScopeSeenRow,
)
from .invited import AnswerRow, InvitedRow, ReplyCountRow, ReplyRow, ReplyTokenRow, TakenLetterRow, ToldRow
from .measured import ExcuseRow, FlagRow, ImportedRow, MeasureRow, ReadingRow
from .opened import (
    ApiTokenRow,
    ConfirmationRow,
    LinkRevocationRow,
    OpenIdAccountRow,
    SecretRow,
    SessionRow,
    SignInRow,
    SubscriptionRow,
)
from .proposed import DeadlockRow, ProposalRow, VoteRow
from .reviewed import (
    AgendaItemRow,
    AgendaRow,
    AgendaVersionRow,
    AttendanceRow,
    PreReadRow,
    PresenceRow,
    ReviewRow,
    RevisionRow,
)
from .sealed import SealRow
from .stood import PastStandingRow, StandingRow
from .told import EventRow, FaultRow, LetterQuestionRow, LetterRow, NotificationRow

__all__ = [
    "EPOCH",
    "MICROSECOND",
    "AbsenceRow",
    "ActionRow",
    "AgendaItemRow",
    "AgendaRow",
    "AgendaVersionRow",
    "AnswerRow",
    "ApiTokenRow",
    "AttendanceRow",
    "ClaimRow",
    "ClockRow",
    "ConfirmationRow",
    "DaemonRow",
    "DeadlockRow",
    "DecisionRow",
    "DefinitionChangeRow",
    "DefinitionVersionRow",
    "DisputeRow",
    "DraftRow",
    "EnvironmentRow",
    "EventRow",
    "ExcuseRow",
    "ExitWordRow",
    "FaultRow",
    "FileState",
    "FlagRow",
    "HealthAnswerRow",
    "HealthAskedRow",
    "HealthResultRow",
    "HealthRoundRow",
    "HealthSpentRow",
    "HealthTokenRow",
    "ImportedRow",
    "InvitedRow",
    "Json",
    "JudgementRow",
    "LaunchTickRow",
    "LetterQuestionRow",
    "LetterRow",
    "LinkRevocationRow",
    "MeasureRow",
    "MemberRow",
    "MinutesFilingRow",
    "Moment",
    "Name",
    "NotificationRow",
    "ObjectionRow",
    "OpenIdAccountRow",
    "OwnSettingRow",
    "ParkedItemRow",
    "PartnershipRow",
    "PastStandingRow",
    "PreReadRow",
    "PresenceRow",
    "ProposalRow",
    "ReadingRow",
    "ReplyCountRow",
    "ReplyRow",
    "ReplyTokenRow",
    "ReviewRow",
    "RevisionRow",
    "ScopeSeenRow",
    "SealRow",
    "SecretRow",
    "SessionRow",
    "SightingRow",
    "SignInRow",
    "StandingRow",
    "SubscriptionRow",
    "TakenLetterRow",
    "ToldRow",
    "TriggerEventRow",
    "UnreadMinutesRow",
    "UnregisteredMinutesRow",
    "VoteRow",
    "row",
    "table",
]
