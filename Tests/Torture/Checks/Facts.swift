import Postgres

/// What the database holds after a run, as far as the checks ask.
package struct Facts: Sendable {
    /// An entry of a timeline.
    package struct Entry: Sendable {
        package var caseId: Int64
        package var seq: Int
        package var role: String
        package var action: String
        package var from: String?
        package var to: String
        /// The name of the person who acts; with callers of a run the key of the request.
        package var person: String?

        package init(
            caseId: Int64, seq: Int, role: String, action: String, from: String?, to: String, person: String?
        ) {
            self.caseId = caseId
            self.seq = seq
            self.role = role
            self.action = action
            self.from = from
            self.to = to
            self.person = person
        }
    }

    package struct Case: Sendable {
        package var id: Int64
        package var version: Int
        package var status: String
        package var externalId: String
        /// Per consumer the place of the last event sent to it.
        package var emitted: [String: Place]

        package init(id: Int64, version: Int, status: String, externalId: String, emitted: [String: Place] = [:]) {
            self.id = id
            self.version = version
            self.status = status
            self.externalId = externalId
            self.emitted = emitted
        }
    }

    /// An event's place among those of its case to one consumer.
    package struct Place: Sendable, Hashable, Codable {
        package var version: Int
        package var ordinal: Int

        package init(version: Int, ordinal: Int) {
            self.version = version
            self.ordinal = ordinal
        }
    }

    package struct Stored: Sendable {
        package var method: String
        package var response: [UInt8]?

        package init(method: String, response: [UInt8]?) {
            self.method = method
            self.response = response
        }
    }

    package struct Address: Sendable, Hashable {
        package var consumer: String
        package var caseId: Int64

        package init(consumer: String, caseId: Int64) {
            self.consumer = consumer
            self.caseId = caseId
        }
    }

    package struct Message: Sendable {
        package var id: String
        package var to: Address
        package var place: Place

        package init(id: String, to: Address, place: Place) {
            self.id = id
            self.to = to
            self.place = place
        }
    }

    /// By case and `seq`.
    package var timeline: [Entry] = []
    package var cases: [Case] = []
    /// What is kept under a caller's key.
    package var stored: [String: Stored] = [:]
    /// Every event that was committed.
    package var messages: [Message] = []
    /// Message and consumer to the answer; a pair that stands there more than once is listed in `inboxTwice`.
    package var inbox: [String: String] = [:]
    package var inboxTwice: [String] = []
    package var positions: [Address: Place] = [:]
    /// What is left in the outbox, but for poison.
    package var outbox: [String] = []
    /// Poison that is not dead.
    package var livingPoison: [String] = []

    package init() {}

    package static func pair(_ messageId: String, _ consumer: String) -> String { "\(messageId) \(consumer)" }
}
