import Domain

/// 政策参数 — the names of the policies that may be changed, each a row of its own kind.
enum PolicyName: String, Word { case clocks, limits, letters, ladder, bulletin, appraisal, overview, retention }

/// What a policy's numbers may be. Types and the form of terms have been seen to; paths begin with `value`.
extension Rules {
    /// The policy `clocks` without its dates.
    struct ClockTerms: Codable, Hashable, Sendable {
        var warningPercent: Int
        var ordinary: Terms
        var important: Terms
        var critical: Terms
    }

    /// - Throws: `.badParams`.
    static func check(_ clocks: ClockTerms) throws(Refusal) {
        try check([("warningPercent", clocks.warningPercent, 1...99)])
        for (urgency, terms) in [("ordinary", clocks.ordinary), ("important", clocks.important)] {
            for (name, term) in named(terms) where term.isHourly {
                throw .field("value.\(urgency).\(name)", "must be in working days, such as 7wd")
            }
            if terms.opinion != nil { throw .field("value.\(urgency).opinion", "only for critical") }
        }
        guard let opinion = clocks.critical.opinion else { throw .field("value.critical.opinion", "required") }
        for (name, term) in named(clocks.critical) + [("opinion", opinion)] where !term.isHourly && name != "ruling" {
            throw .field("value.critical.\(name)", "must be in hours, such as 24h")
        }
        for (urgency, terms) in [
            ("ordinary", clocks.ordinary), ("important", clocks.important), ("critical", clocks.critical),
        ] where length(terms.claim) > length(terms.result) {
            throw .field("value.\(urgency).claim", "is longer than the result's term")
        }
        if length(opinion) > length(clocks.critical.result) {
            throw .field("value.critical.opinion", "is longer than the result's term")
        }
    }

    static func check(_ limits: Limits) throws(Refusal) {
        try check([
            ("reopenDays", limits.reopenDays, 1...3650), ("unreachableMax", limits.unreachableMax, 1...20),
            ("dissatisfiedMax", limits.dissatisfiedMax, 1...20),
            ("trackFailuresMax", limits.trackFailuresMax, 1...1000),
            ("trackWindowMinutes", limits.trackWindowMinutes, 1...1440), ("returnsMax", limits.returnsMax, 0...20),
            ("extensionsMax", limits.extensionsMax, 0...20), ("questionsMax", limits.questionsMax, 0...20),
            ("clusterRaisesAt", limits.clusterRaisesAt, 2...10_000), ("recallDays", limits.recallDays, 1...3650),
            ("recurrenceDays", limits.recurrenceDays, 1...3650),
            ("repeatUrgesAfterHours", limits.repeatUrgesAfterHours, 1...8760),
        ])
    }

    static func check(_ letters: LetterPolicy) throws(Refusal) {
        let isPlain = letters.prefix.unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
        guard isPlain, (1...20).contains(letters.prefix.unicodeScalars.count) else {
            throw .field("value.prefix", "must have 1 to 20 letters")
        }
    }

    static func check(_ ladder: LadderPolicy) throws(Refusal) {
        try check([
            ("noticeDays", ladder.noticeDays, 1...100), ("letterDays", ladder.letterDays, 1...100),
            ("interviewDays", ladder.interviewDays, 1...100),
            ("accountabilityDays", ladder.accountabilityDays, 1...100),
            ("explanationDays", ladder.explanationDays, 1...100), ("paperHour", ladder.paperHour, 0...23),
        ])
        if ladder.interviewDays <= ladder.letterDays {
            throw .field("value.interviewDays", "must be more than letterDays")
        }
        if ladder.accountabilityDays <= ladder.interviewDays {
            throw .field("value.accountabilityDays", "must be more than interviewDays")
        }
    }

    static func check(_ bulletin: BulletinPolicy) throws(Refusal) {
        try check([
            ("casesMin", bulletin.casesMin, 1...10_000), ("praised", bulletin.praised, 0...100),
            ("criticised", bulletin.criticised, 0...100),
            ("explanationWorkingDays", bulletin.explanationWorkingDays, 1...100),
            ("clusterMin", bulletin.clusterMin, 2...10_000),
            ("repeatedReplyMin", bulletin.repeatedReplyMin, 2...10_000),
            ("lastMinutes", bulletin.lastMinutes, 1...1440),
            ("lastHoursOfExtension", bulletin.lastHoursOfExtension, 1...240),
        ])
        let bands = bulletin.volumeBands
        guard bands.count <= 10, bands.allSatisfy({ (1...1_000_000).contains($0) }),
            zip(bands, bands.dropFirst()).allSatisfy({ $0 > $1 })
        else { throw .field("value.volumeBands", "must be at most 10 numbers, the greatest first") }
    }

    static func check(_ overview: OverviewPolicy) throws(Refusal) {
        try check([
            ("liveCasesMax", overview.liveCasesMax, 1...1_000_000), ("staleMinutes", overview.staleMinutes, 1...1440),
            ("days", overview.days, 31...3660),
        ])
    }

    /// Points by measure: what the whole rate would take off.
    static func check(appraisal points: [String: Double]) throws(Refusal) {
        for (name, points) in points.sorted(by: { $0.key < $1.key }) {
            guard Measure.rates.contains(where: { $0.rawValue == name }) else {
                throw .field("value.\(name)", "not a rate that a unit is measured by")
            }
            guard (0...100).contains(points) else { throw .field("value.\(name)", "must be 0 to 100") }
        }
        guard !points.isEmpty else { throw .field("value", "must name at least one measure") }
        guard points.values.reduce(0, +) <= 100 else { throw .field("value", "adds up to more than 100 points") }
    }

    /// From when on a policy counts that is saved now: from the start of its day, and on its first day from now, so that
    /// nothing that runs already is changed.
    ///
    /// - Returns: `nil` for the start of the day.
    /// - Throws: `.badParams` for a day that is over.
    static func countsFrom(_ effectiveFrom: Day, at now: Instant) throws(Refusal) -> Instant? {
        guard effectiveFrom >= now.day else { throw .field("effectiveFrom", "lies in the past") }
        return effectiveFrom == now.day ? now : nil
    }

    private static func check(_ numbers: [(name: String, value: Int, range: ClosedRange<Int>)]) throws(Refusal) {
        for (name, value, range) in numbers where !range.contains(value) {
            throw .field("value.\(name)", "must be \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// All terms but the opinion's.
    private static func named(_ terms: Terms) -> [(String, Term)] {
        [
            ("registration", terms.registration), ("returning", terms.returning), ("claim", terms.claim),
            ("result", terms.result), ("rework", terms.rework), ("review", terms.review),
            ("publication", terms.publication), ("followUp", terms.followUp), ("ruling", terms.ruling),
            ("petitioner", terms.petitioner), ("objection", terms.objection),
        ]
    }

    /// In days or in hours; both sides of a comparison count alike.
    private static func length(_ term: Term) -> Int {
        switch term {
        case .workingDays(let count), .hours(let count): count
        }
    }
}
