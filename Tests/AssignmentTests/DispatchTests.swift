import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DispatchTests {
    @Test func aCaseGoesToItsUnitsByLetter() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let answer = try await city.call("assignment.dispatch", Self.full(number), as: .office)
            #expect(
                answer.names == [
                    "caseNumber", "deliveredAt", "dueAt", "letterNumber", "provisional", "stages", "status", "version",
                ])
            #expect(
                answer["caseNumber"]?.stringValue == number && answer["status"] == "dispatched"
                    && answer["version"] == 2)
            #expect(
                answer["deliveredAt"] == "2026-03-02T09:00:00+08:00" && answer["dueAt"] == "2026-03-11T23:59:59+08:00")
            #expect(answer["provisional"] == false)
            let letter = try #require(answer["letterNumber"]?.stringValue)
            #expect(letter.contains("〔2026〕") && letter.hasSuffix("号"))

            let view = try await city.get(number)
            #expect(view["leadUnitId"] == "housing" && view["letterNumber"] == answer["letterNumber"])
            #expect(view["holder"] == ["party": "leadUnit", "unitId": "housing", "name": "单位housing"])
            #expect(view["dueAt"] == answer["dueAt"] && view["lamp"] == "green")
            // One working day before the lead's.
            #expect(
                view["coOrders"] == [
                    [
                        "unitId": "transport", "task": "清运渣土", "required": true, "dueAt": "2026-03-10T23:59:59+08:00",
                        "status": "open",
                    ],
                    [
                        "unitId": "north", "task": "知悉", "required": false, "dueAt": "2026-03-10T23:59:59+08:00",
                        "status": "open",
                    ],
                ])
            #expect(try await city.deliverEvents() == ["supervision.caseDispatched"])
        }
    }

    private static func full(_ number: String) -> JSONValue {
        [
            "caseNumber": JSONValue(number), "leadUnitId": "housing", "instructions": "请于期限内办结",
            "coUnits": [
                ["unitId": "transport", "task": "清运渣土"], ["unitId": "north", "task": "知悉", "required": false],
            ],
        ]
    }

    @Test func leadAndCoUnitsSeeTheCaseFromNowOn() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            for unit in ["housing", "transport"] { #expect(await city.sight(of: number, by: unit) == 1001) }
            try await city.call("assignment.dispatch", Self.full(number), as: .office)
            for unit in ["housing", "transport", "north", "city"] {
                #expect(await city.sight(of: number, by: unit) == nil)
            }
            for unit in ["housing-roads", "north-town"] { #expect(await city.sight(of: number, by: unit) == 1001) }
        }
    }

    /// What is wrong with params that depends on other params, or on what is on file.
    @Test(arguments: [
        (#"{"leadUnitId":"nobody"}"#, 1009, "leadUnitId"),
        (
            #"{"leadUnitId":"housing","coUnits":[{"unitId":"transport","task":"甲"},{"unitId":"nobody","task":"乙"}]}"#,
            1009, "coUnits[1].unitId"
        ),
        (
            #"{"leadUnitId":"housing","coUnits":[{"unitId":"north","task":"甲"},{"unitId":"north","task":"乙"}]}"#,
            -32602, "coUnits[1].unitId"
        ),
        (#"{"leadUnitId":"housing","coUnits":[{"unitId":"housing","task":"甲"}]}"#, -32602, "coUnits[0].unitId"),
        (#"{"leadUnitId":"housing","coUnits":[{"unitId":"transport"}]}"#, -32602, "coUnits[0].task"),
        (#"{"leadUnitId":"housing","instructions":""}"#, -32602, "instructions"),
        (#"{"leadUnitId":"housing","coUnits":null,"letter":"1"}"#, -32602, "letter"),
        (#"{}"#, -32602, "leadUnitId"),
    ])
    func badParamsAreNamed(params: String, code: Int, path: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let before = try await city.everything()
            let call = try JSONValue(parsing: Array(params.utf8)).setting("caseNumber", to: JSONValue(number))
            let error = await city.refusal("assignment.dispatch", call, as: .office)
            #expect(error?.code == code && error?.firstPath == path)
            #expect(try await city.everything() == before)
        }
    }

    @Test func fiftyCoUnitsAreTheMost() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let coUnits = (1...51).map { ["unitId": JSONValue("u\($0)"), "task": "甲"] as JSONValue }
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "leadUnitId": "housing", "coUnits": .array(coUnits),
            ]
            let error = await city.refusal("assignment.dispatch", params, as: .office)
            #expect(error?.code == -32602 && error?.firstPath == "coUnits")
        }
    }

    @Test(arguments: ["report", "confidential"])
    func whatUnitsMayNotReadNeedsAUnitText(kind: String) async throws {
        try await City.with { city in
            var life = City.Life()
            if kind == "report" { life.type = kind } else { life.petitioner = ["name": "张三丰", "confidential": true] }
            let number = try await city.bring(to: .registered, life)
            let params: JSONValue = ["caseNumber": JSONValue(number), "leadUnitId": "housing"]
            let error = await city.refusal("assignment.dispatch", params, as: .office)
            #expect(error?.code == 1011 && error?.reason == "unitTextMissing")
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "unitText": "摘编：夜间施工。"], as: .registrar)
            try await city.call("assignment.dispatch", params, as: .office)
            let seen = try await city.get(number, as: .unit("housing"))
            #expect(seen["body"] == "摘编：夜间施工。" && seen["title"] == nil && seen["attachments"] == nil)
        }
    }

    @Test func anAbolishedUnitGetsNoCase() async throws {
        try await City.with { city in
            try await city.call(
                "assignment.saveUnit", City.unit("transport", abolishedOn: "2026-03-03", successorId: "housing"),
                as: .admin)
            let (first, second) = (try await city.bring(to: .registered), try await city.bring(to: .registered))
            try await city.call(
                "assignment.dispatch", ["caseNumber": JSONValue(first), "leadUnitId": "transport"], as: .office)
            city.clock.set("2026-03-03T00:00:00+08:00")
            let error = await city.refusal(
                "assignment.dispatch", ["caseNumber": JSONValue(second), "leadUnitId": "transport"], as: .office)
            #expect(error?.code == 1011 && error?.reason == "unitAbolished")
            let asCoUnit: JSONValue = [
                "caseNumber": JSONValue(second), "leadUnitId": "housing",
                "coUnits": [["unitId": "transport", "task": "甲"]],
            ]
            #expect(await city.refusal("assignment.dispatch", asCoUnit, as: .office)?.reason == "unitAbolished")
        }
    }

    @Test func aDispatchedCaseIsNotDispatchedAgain() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let error = await city.refusal(
                "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "north"], as: .office)
            #expect(error?.code == 1002 && error?["status"] == "dispatched")
            #expect(
                error?["allowed"] == [
                    "assignment.addCoOrder", "assignment.changeUrgency", "assignment.instruct", "assignment.reassign",
                    "assignment.withdrawCoOrder", "intake.classify",
                ])
        }
    }

    @Test func aProposalToDeclineDoesNotBindTheOffice() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let decline: JSONValue = ["caseNumber": JSONValue(number), "ground": "settled", "explanation": "已办结"]
            try await city.call("intake.proposeDecline", decline, as: .registrar)
            try await city.step(number, to: .dispatched)
            #expect(try await city.get(number)["status"] == "dispatched")
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let mutation = Mutation(
                "assignment.dispatch", Self.full(number), as: .office,
                other: ["caseNumber": JSONValue(number), "leadUnitId": "transport"],
                and: "assignment.instruct",
                ["caseNumber": JSONValue(number), "text": "从速", "leader": ["name": "赵书记", "title": "书记"]])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }

    @Test func twoOfficesAtOnceIssueOneLetter() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            async let one = city.refusal(
                "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "housing"], as: .office)
            async let two = city.refusal(
                "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "north"], as: .office)
            let codes = await [one?.code, two?.code]
            #expect(codes.contains(nil) && codes.contains(1002))
            #expect(try await city.get(number)["version"] == 2)
        }
    }
}
