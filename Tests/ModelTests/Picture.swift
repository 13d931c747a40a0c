import JSONRPC
import TestKit

/// What is compared of a case, field by field, as text.
typealias Picture = [String: String]

extension World {
    /// What `intake.get` must say.
    func picture(of index: Int, at now: Moment) -> Picture {
        let record = cases[index]
        var picture: Picture = [
            "status": record.status.rawValue, "version": "\(record.version)", "round": "\(record.round)",
            "urgency": record.urgency.rawValue, "lead": record.lead ?? "", "holder": holder(of: index).text,
            "responsible": record.responsible ?? "", "dueAt": record.dueAt?.description ?? "",
            "master": record.master.map { numbers[$0] } ?? "",
            "withdrawalAsked": record.isWithdrawalAsked ? "true" : "",
        ]
        picture["lamp"] =
            record.isPaused ? "grey" : record.dueAt.map { now > $0 ? "red" : "in time" } ?? ""
        picture["clocks"] = record.running.map { stage in
            let isPaused = record.isPaused && (stage == .result || stage == .reply)
            return "\(stage) \(record.dates[stage]?.description ?? "")\(isPaused ? " paused" : "")"
        }.sorted().joined(separator: ", ")
        let due = record.lead == nil ? nil : record.dates[.result]
        picture["coOrders"] = record.coOrders.filter { $0.state != .withdrawn }.map {
            let date = due.map { " \(Term.coOrder(before: $0, record.urgency))" } ?? ""
            return "\($0.unit) \($0.state)\(date)"
        }.sorted().joined(separator: ", ")
        picture["custody"] = custody(of: index).map {
            "\($0.holder.text) \($0.from)–\($0.to?.description ?? "")"
        }.joined(separator: ", ")
        picture["about"] = record.about.sorted().joined(separator: " ")
        picture["confidential"] = "\(record.isConfidential)"
        picture["timeline"] = record.timeline.enumerated().map { index, entry in
            "\(index + 1) \(entry.at) \(entry.actor) \(entry.verb) \(entry.from?.rawValue ?? "")→\(entry.to)"
        }.joined(separator: ", ")
        return picture
    }

    /// What a unit must see of it; `nil` where the text leaves that open.
    func picture(of index: Int, for unit: String) -> Picture? {
        let record = cases[index]
        let master = record.master.map { cases[$0] }
        do throws(Verdict) {
            guard try record.isSeen(by: .unit(unit), master: master) else { return ["refused": "1001"] }
        } catch {
            return nil
        }
        // A member that has followed has a text from its master, should the registry have written none.
        if record.isWithheld, !record.hasUnitText, master != nil { return nil }
        let text = record.isWithheld ? record.hasUnitText ? Act.unitText : "" : record.body
        let isHidden = record.isWithheld
        let isWhole = record.isAnswered(by: unit) || (record.status == .merged && master?.isAnswered(by: unit) == true)
        return [
            "body": text, "title": isHidden ? "" : "小区夜间施工噪声扰民", "identity": "none",
            "externalId": isHidden ? "absent" : "present", "status": record.status.rawValue,
            "entries": isWhole ? "\(record.timeline.count)" : "some",
        ]
    }
}

extension Holder {
    /// The party, and the unit where it is one.
    var text: String {
        switch self {
        case .unit(let unit): "leadUnit \(unit)"
        case .master: "master"
        default: "\(self) "
        }
    }
}

extension JSONValue {
    /// What `intake.get` says.
    var picture: Picture {
        var picture: Picture = [
            "status": text("status"), "version": "\(self["version"]?.intValue ?? 0)",
            "round": "\(self["round"]?.intValue ?? 0)", "urgency": text("urgency"), "lead": text("leadUnitId"),
            "responsible": self["responsiblePerson"]?.text("name") ?? "", "dueAt": text("dueAt"),
            "master": text("master"), "withdrawalAsked": self["withdrawalAsked"]?.boolValue == true ? "true" : "",
            "holder": self["holder"]?.holderText ?? "",
        ]
        let lamp = text("lamp")
        picture["lamp"] = ["green", "yellow"].contains(lamp) ? "in time" : lamp
        picture["clocks"] = list("clocks").filter { $0["stoppedAt"] == nil }.map {
            "\($0.text("stage")) \($0.text("dueAt"))\($0["paused"]?.boolValue == true ? " paused" : "")"
        }.sorted().joined(separator: ", ")
        picture["coOrders"] = list("coOrders").filter { $0.text("status") != "withdrawn" }.map {
            "\($0.text("unitId")) \($0.text("status"))\(text("leadUnitId").isEmpty ? "" : " \($0.text("dueAt"))")"
        }.sorted().joined(separator: ", ")
        picture["custody"] = list("custody").map {
            "\($0["holder"]?.holderText ?? "") \($0.text("from"))–\($0.text("to"))"
        }.joined(separator: ", ")
        picture["about"] = list("about").compactMap(\.stringValue).sorted().joined(separator: " ")
        picture["confidential"] = "\(self["confidential"]?.boolValue == true)"
        picture["timeline"] = list("timeline").map {
            "\($0["seq"]?.intValue ?? 0) \($0.text("at")) \($0.text("actor")) \($0.text("action")) "
                + "\($0.text("from"))→\($0.text("to"))"
        }.joined(separator: ", ")
        return picture
    }

    /// What of it units may be told or not, as `picture(of:for:)` says it.
    var unitsPicture: Picture {
        [
            "body": text("body"), "title": text("title"), "status": text("status"),
            "identity": json.contains(Act.petitioner) && self["publicReply"] == nil ? "told" : "none",
            "externalId": self["externalId"] == nil ? "absent" : "present", "entries": "\(list("timeline").count)",
        ]
    }

    private func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
    private func list(_ name: String) -> [JSONValue] { self[name]?.elements ?? [] }
    private var holderText: String { "\(text("party")) \(text("unitId"))" }
}
