import Foundation
import ServiceKit

/// 督办、回访 — asks petitioners, urges units, explains due dates, and keeps the calendar.
///
/// Owns schema `supervision`: follow-ups, exclusions, accountability, promises, the ladder's steps and cards, explanations,
/// bulletins.
package struct Supervision: ServiceCard {
    package static let name = "supervision"
    package static let bundle = Bundle.module

    /// Checks the tracking code that a rating may carry.
    let secrets: Secrets

    static let methods: [any Method<Supervision>.Type] = [
        RecordFollowUp.self, Rate.self, RuleRound.self, Reopen.self, Urge.self, ConfirmWithdrawal.self,
        RequestExclusion.self, DecideExclusion.self, OpenAccountability.self, RecordAccountability.self,
        Promises.self, SettlePromise.self, ExplainDeadline.self, ComputeDue.self, PreviewCalendar.self,
        SaveCalendar.self, Steps.self, FileExplanation.self, Policies.self, SavePolicy.self,
        Overview.self, ReadFigure.self, CompileBulletin.self, PublishBulletin.self, ReadBulletin.self, Appraise.self,
        CaseDispatched.self, ReplyPublished.self,
    ]

    package static func sweeps(_ settings: Settings) -> Sweeps {
        Sweeps(
            [Climbing.self, Lapses.self, CalendarMoves.self, Tallies.self, Lamps.self, DayMeasures.self],
            of: Supervision(secrets: settings.secrets))
    }

    package static func table(_ settings: Settings) -> MethodTable {
        MethodTable(methods, of: Supervision(secrets: settings.secrets))
    }
}
