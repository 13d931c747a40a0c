import JSONRPC
import TestKit

/// 承继 — a history may have a unit of its own, which is abolished in its course.
extension World {
    struct Abolition: Sendable {
        var unit: String
        var day: Int
        var heir: String
    }

    /// The beginning of the day on which a unit is gone that holds something; what is reopened later comes back to it.
    var passesOnAt: Moment? {
        abolition.flatMap { gone in
            cases.contains { $0.isHeld(by: gone.unit) } ? Moment(day: gone.day, hour: 0) : nil
        }
    }

    /// What the unit leads or co-handles passes to its successor as it stands, its clocks with it.
    mutating func passOn(at now: Moment) {
        guard let due = passesOnAt, due <= now, let unit = abolition?.unit, let heir = abolition?.heir else { return }
        for index in cases.indices { cases[index].passOn(from: unit, to: heir, at: now) }
    }

    func isGone(_ unit: String, at now: Moment) -> Bool {
        abolition.map { $0.unit == unit && $0.day <= now.day } ?? false
    }
}

extension ModelCase {
    /// Whether the unit leads it or has an open part in it, while it is open.
    fileprivate func isHeld(by unit: String) -> Bool {
        guard ![.registered, .merged].contains(status), !status.isOver else { return false }
        return lead == unit || coOrders.contains { $0.unit == unit && $0.state == .open }
    }

    fileprivate mutating func passOn(from gone: String, to heir: String, at now: Moment) {
        guard isHeld(by: gone) else { return }
        if lead == gone {
            formerLeads.insert(gone)
            lead = heir
            withdrawOrders(of: heir)
            if holder == .unit(gone) { hold(.unit(heir), at: now) }
        }
        if lead == heir || coOrders.contains(where: { $0.unit == heir && $0.state == .open }) {
            withdrawOrders(of: gone)
        } else if let index = coOrders.firstIndex(where: { $0.unit == gone && $0.state == .open }) {
            coOrders[index].unit = heir
            coOrders.removeAll { $0.unit == heir && $0.state != .open }
        }
        timeline.append(Entry(at: now, actor: "system", verb: "reassign", from: status, to: status))
    }

    mutating func withdrawOrders(of unit: String) {
        for index in coOrders.indices where coOrders[index].unit == unit && coOrders[index].state == .open {
            coOrders[index].state = .withdrawn
        }
    }
}

extension World.Abolition {
    var params: JSONValue {
        [
            "unitId": JSONValue(unit), "name": "单位", "level": "city", "parentId": "city", "head": "钱一把",
            "deputyInCharge": "孙分管", "liaison": ["name": "李联络", "phone": "0799-8000000"],
            "abolishedOn": JSONValue(Moment.date(day)), "successorId": JSONValue(heir),
        ]
    }
}
