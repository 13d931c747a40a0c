import JSONRPC
import TestKit
import Testing

/// A bulletin and an appraisal laid out as their recount lays them out, so that the two are one text.
enum ShownBulletin {
    private static let lists = [
        "volume", "followUps", "praise", "criticism", "overdue", "clusters", "oddities", "explained", "exclusions",
    ]

    static func parts(of document: JSONValue) throws -> [String: JSONValue] {
        var parts = Dictionary(uniqueKeysWithValues: lists.map { ($0, document[$0] ?? .null) })
        var lines: [JSONMember] = [JSONMember("", line(document["city"]))]
        let groups = (document["groups"]?.elements ?? []).map { group -> JSONValue in
            let units = (group["units"]?.elements ?? []).map { unit -> JSONValue in
                lines.append(JSONMember(JSONString(unit["unitId"]?.stringValue ?? "?"), line(unit["line"])))
                return .object((unit.members ?? []).filter { $0.name.text != "line" })
            }
            return .object(
                (group.members ?? []).filter { $0.name.text != "units" } + [JSONMember("units", .array(units))])
        }
        parts["groups"] = .array(groups)
        parts["lines"] = .object(lines)
        return parts
    }

    /// The counts by measure, and the bounds.
    private static func line(_ line: JSONValue?) -> JSONValue {
        let counts = (line?["counts"]?.elements ?? []).map { count in
            JSONMember(
                JSONString(count["measure"]?.stringValue ?? "?"), [count["counted"] ?? .null, count["of"] ?? .null])
        }
        let bounds = line?["bounds"].map { [JSONMember("bounds", $0)] } ?? []
        return .object([JSONMember("counts", .object(counts))] + bounds)
    }

    static func appraised(_ item: JSONValue) -> JSONValue {
        let deductions = (item["deductions"]?.elements ?? []).map {
            JSONMember(JSONString($0["measure"]?.stringValue ?? "?"), $0)
        }
        return .object(
            (item.members ?? []).filter { $0.name.text != "deductions" }
                + [JSONMember("deductions", .object(deductions))])
    }

    /// RFC 8785, so that 1 and 1.0 are the same, and so are members in any order.
    static func text(_ value: JSONValue) throws -> String { String(decoding: try value.canonical(), as: UTF8.self) }
}
