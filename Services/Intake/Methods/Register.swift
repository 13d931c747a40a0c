import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 登记 — a message becomes a case. A message that its channel already sent is the same case: it is answered as before,
/// and a changed text is kept as a supplement.
enum Register: Method {
    static let name = "intake.register"
    static let roles = StatusTable.roles(of: .register)
    static let kind = MethodKind.mutation
    static let summary = "登记：registers a message as a case, or finds the case it already is"

    struct Params: Codable, Sendable {
        var channel: ChannelCode
        var externalId: ExternalID
        var title: Title
        var body: Body
        var type: CaseType?
        var petitioner: Petitioner?
        var open: Bool?
        var divisionCode: DivisionCode?
        var address: Note?
        var location: Location?
        var category: CategoryCode?
        var urgency: Urgency?
        var about: [UnitID]?
        var relatedTo: CaseNumber?
        var postedAt: Instant?
        var capturedAt: Instant?
        var attachments: [Attachment]?
    }

    /// Degrees, WGS 84.
    struct Location: Codable, Sendable {
        var latitude: Double
        var longitude: Double
    }

    struct Result: Codable, Sendable {
        var caseNumber: CaseNumber
        /// 12 characters with which the petitioner finds the case; answered only here.
        var trackingCode: String
        var status: CaseStatus
        var version: Int
        var registeredAt: Instant
        /// The message was known, and nothing changed but what `changed` says.
        var replayed: Bool
        var changed: Bool?
        /// The open case on the same matter that the petitioner wrote before: this one runs with it.
        var mergedInto: CaseNumber?
        /// The same, when enough time has passed for the repeat to urge it.
        var urgedCase: CaseNumber?

        init(_ record: CaseRecord, _ secrets: Secrets, replayed: Bool, changed: Bool? = nil) {
            caseNumber = record.number
            trackingCode = secrets.trackingCode(record.number)
            status = record.status
            version = record.version
            registeredAt = record.registeredAt
            self.replayed = replayed
            self.changed = changed
        }
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Result {
        try check(params, at: work.now)
        try Reference.check(
            channel: params.channel, category: params.category, divisionCode: params.divisionCode,
            units: (params.about ?? []).enumerated().map { ("about[\($0)]", $1) }, work.db)
        try Rules.admit(params.channel, by: work.caller)
        let id = CaseNumber.id(try Store.nextRunning(work.db), registeredOn: work.now.day)
        let digest = textDigest(params)
        let matter = Repeats.digests(params, intake.secrets)
        try MatterStore.lock(matter, work.db)
        if let known = try Store.claim(params.channel, params.externalId, caseId: id, digest: digest, work.db) {
            return try replay(params, known, digest: digest, work, intake)
        }
        if let related = params.relatedTo, !(try work.exists(related)) { throw Refusal.unknown("relatedTo") }
        var new = newCase(params, id: id, at: work.now, intake)
        let (host, related) = try Repeats.relation(of: new, matter, work)
        new.relatedTo = params.relatedTo ?? related
        (new.registeredAt, new.changedAt) = (work.now, work.now)
        let record = try work.open(Rules.register(new))
        var parts = RegistrationStore.Parts()
        try parts.add(filing(params), params.petitioner, of: record.number, id: id, intake.secrets)
        try parts.write(work.db)
        var result = Result(record, intake.secrets, replayed: false)
        guard let host else { return result }
        let (change, urged) = try Repeats.join(record, host, work)
        (result.status, result.version) = (change.status, change.version)
        (result.mergedInto, result.urgedCase) = (host.number, urged)
        return result
    }

    static func check(_ params: Params, at now: Instant) throws {
        try Rules.notInFuture(params.postedAt, "postedAt", at: now)
        try Rules.notInFuture(params.capturedAt, "capturedAt", at: now)
        if (params.about ?? []).count > 50 { throw Refusal.field("about", "must have at most 50 items") }
        if let location = params.location {
            guard (-90...90).contains(location.latitude) else {
                throw Refusal.field("location.latitude", "out of range")
            }
            guard (-180...180).contains(location.longitude) else {
                throw Refusal.field("location.longitude", "out of range")
            }
        }
        try Attachment.check(params.attachments)
    }

    private static func replay(
        _ params: Params, _ known: Store.Known, digest: [UInt8], _ work: Work, _ intake: Intake
    ) throws -> Result {
        let number = CaseNumber(id: known.caseId)
        let record = try work.find(number)
        // A text that changes after the case is over is not taken up: the petitioner writes again, or the case is reopened.
        guard digest != known.textDigest, StatusTable.row(.supplement, in: record.status, by: work.caller.role) != nil
        else {
            return Result(record, intake.secrets, replayed: true)
        }
        // Of twins that bring the same change the second waits here for the first, and finds it done.
        let taken = try work.take(number, for: .supplement)
        if try Store.textDigest(params.channel, params.externalId, work.db) == digest {
            return Result(taken, intake.secrets, replayed: true)
        }
        let text = "\(params.title.text)\n\(params.body.text)"
        let change = try work.save(Rules.supplement(taken, text), .supplement)
        try Store.insertSupplement(text, params.attachments ?? [], change, at: work.now, work.db)
        try Store.rememberText(params.channel, params.externalId, digest: digest, work.db)
        return Result(try work.find(number), intake.secrets, replayed: true, changed: true)
    }

    /// What tells whether a message that comes again has another text.
    static func textDigest(_ params: Params) -> [UInt8] {
        Secrets.sha256(Array("\(params.title.text)\u{0}\(params.body.text)".utf8))
    }

    static func newCase(_ params: Params, id: Int64, at now: Instant, _ intake: Intake) -> CaseRecord {
        var record = CaseRecord(
            id: id, version: 1, status: .registered, channel: params.channel, externalId: params.externalId,
            type: params.type ?? .help, title: params.title, body: params.body, urgency: params.urgency ?? .ordinary,
            alias: intake.secrets.alias(CaseNumber(id: id)), registeredAt: now, holder: .registry)
        record.category = params.category
        record.divisionCode = params.divisionCode
        record.about = params.about ?? []
        record.confidential = params.petitioner?.confidential ?? false
        record.open = params.open ?? true
        record.relatedTo = params.relatedTo
        return record
    }

    static func filing(_ params: Params) -> Store.Filing {
        Store.Filing(
            address: params.address, latitude: params.location.map { "\($0.latitude)" },
            longitude: params.location.map { "\($0.longitude)" }, postedAt: params.postedAt,
            capturedAt: params.capturedAt, attachments: params.attachments ?? [])
    }
}
