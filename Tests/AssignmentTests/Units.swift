import Domain
import JSONRPC
import TestKit

extension City {
    /// Params of `saveUnit`; the sample unit of that name with other places.
    static func unit(
        _ id: String, level: String = "city", parentId: String? = "city", lineParentId: String? = nil,
        abolishedOn: String? = nil, successorId: String? = nil
    ) -> JSONValue {
        let places = [
            "parentId": parentId, "lineParentId": lineParentId, "abolishedOn": abolishedOn, "successorId": successorId,
        ]
        let params: JSONValue = [
            "unitId": JSONValue(id), "name": JSONValue("单位\(id)"), "level": JSONValue(level), "head": "钱一把",
            "deputyInCharge": "孙分管", "liaison": ["name": "李联络", "phone": "0799-8000000"],
        ]
        return places.reduce(params) { params, place in
            place.value.map { params.setting(place.key, to: JSONValue($0)) } ?? params
        }
    }

    /// The code with which a unit is refused the sight of a case; `nil` when it sees it.
    func sight(of number: String, by unit: String) async -> Int? {
        await refusal("intake.get", ["caseNumber": JSONValue(number)], as: .unit(unit))?.code
    }
}
