import Domain
import JSONRPC
import Ledger

// What the domain's values look like in JSON, for the OpenRPC document.

extension SchemaDescribed where Self: BoundedText {
    public static var schema: JSONValue {
        ["type": "string", "minLength": JSONValue(length.lowerBound), "maxLength": JSONValue(length.upperBound)]
    }
    public static var sample: Self { Self(unchecked: String(repeating: "1", count: max(1, length.lowerBound))) }
}

extension Title: SchemaDescribed {}
extension Body: SchemaDescribed {}
extension ExternalID: SchemaDescribed {}
extension Name: SchemaDescribed {}
extension Note: SchemaDescribed {}
extension Essay: SchemaDescribed {}
extension IdempotencyKey: SchemaDescribed {}
extension UnitID: SchemaDescribed {}
extension ChannelCode: SchemaDescribed {}
extension CategoryCode: SchemaDescribed {}
extension DivisionCode: SchemaDescribed {}
extension LetterNumber: SchemaDescribed {}
extension CaseNumber: SchemaDescribed {
    public static var sample: CaseNumber { CaseNumber(id: 202_611_000_000_042) }
}

extension WebAddress: SchemaDescribed {
    public static var schema: JSONValue {
        ["type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2000]
    }
    public static var sample: WebAddress { WebAddress(unchecked: "https://example.org/1") }
}

extension Digest256: SchemaDescribed {
    public static var schema: JSONValue { ["type": "string", "pattern": "^[0-9a-fA-F]{64}$"] }
    public static var sample: Digest256 { Digest256(unchecked: String(repeating: "0", count: 64)) }
}

extension Day: SchemaDescribed {
    public static var schema: JSONValue { ["type": "string", "format": "date"] }
    public static var sample: Day { Day(2026, 10, 8) }
}

extension Instant: SchemaDescribed {
    public static var schema: JSONValue { ["type": "string", "format": "date-time"] }
    public static var sample: Instant { Instant(Day(2026, 10, 8), second: 34_200) }
}

extension Term: SchemaDescribed {
    public static var schema: JSONValue { ["type": "string", "pattern": "^[0-9]+(wd|h)$"] }
    public static var sample: Term { .workingDays(7) }
}
