import Foundation
import ServiceKit

/// Whom a request comes from; each has a token.
enum Who: String, Sendable, CaseIterable {
    case source, registrar, office, supervisor, admin
    /// The lead unit, and the one that helps.
    case unit, coUnit
}

/// One thing that is done to a case.
struct Deed: Sendable {
    var method: String
    var who: Who
    /// The params without those that every mutation has, as members of an object.
    var params: String
    var effect = Operation.Effect.once
}

/// What will be done to a case from registration on, drawn from the seed: the whole way, a part of it, a refusal.
struct Script: Sendable {
    static let reply = "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。"
    static let lead = "housing"
    static let coUnit = "roads"
    private static let digest = Secrets.hex(Secrets.sha256(Array(reply.utf8)))
    private static let person = #"{"name":"郑主任","title":"副主任"}"#

    private(set) var deeds: [Deed] = []

    /// - Parameter externalId: unique to the case.
    init(externalId: String, _ seed: inout Seed) {
        register(externalId, &seed)
        if seed.chance(0.08) {
            decline(&seed)
        } else {
            assign(&seed)
            work(&seed)
            answer(&seed)
        }
        // One in four is left where it happens to stand.
        if seed.chance(0.25) { deeds = Array(deeds.prefix(seed.number(1...deeds.count))) }
    }

    private mutating func add(
        _ method: String, _ who: Who, _ params: String = "", _ effect: Operation.Effect = .once
    ) {
        deeds.append(Deed(method: method, who: who, params: params, effect: effect))
    }

    private mutating func register(_ externalId: String, _ seed: inout Seed) {
        let params = #"""
            "channel":"board","externalId":"\#(externalId)","type":"help","title":"小区夜间施工噪声扰民","body":"工地夜里十一点以后还在打桩，请查处。","petitioner":{"name":"张三丰","account":"\#(externalId)"}
            """#
        add("intake.register", seed.chance(0.5) ? .source : .registrar, params, .natural(externalId))
        // The same message once more, under a key of its own.
        if seed.chance(0.1) {
            add("intake.register", seed.chance(0.5) ? .source : .registrar, params, .natural(externalId))
        }
        if seed.chance(0.2) { add("intake.supplement", .source, #""text":"昨夜又施工到两点。""#) }
    }

    private mutating func decline(_ seed: inout Seed) {
        add("intake.proposeDecline", .registrar, #""ground":"settled","explanation":"此事已经办结。""#)
        add("intake.confirmDecline", .office)
        if seed.chance(0.7) { add("archive.seal", .admin) }
    }

    private mutating func assign(_ seed: inout Seed) {
        if seed.chance(0.5) { add("intake.classify", .registrar, #""category":"urban","proposal":"建议住建部门办理""#) }
        let hasCoUnit = seed.chance(0.15)
        let coUnits = hasCoUnit ? #","coUnits":[{"unitId":"\#(Self.coUnit)","task":"配合核查"}]"# : ""
        add("assignment.dispatch", .office, #""leadUnitId":"\#(Self.lead)"\#(coUnits)"#)
        if seed.chance(0.15) { add("supervision.urge", .supervisor, #""text":"请抓紧认领。""#) }
        let claim = #""responsiblePerson":{"name":"周主任","title":"科长"}"#
        add("assignment.claim", .unit, claim)
        if seed.chance(0.15) { add("assignment.claim", .unit, claim, .refusal(code: 1004)) }
        if hasCoUnit { add("handling.fileCoResult", .coUnit, #""account":"已到现场配合核查。""#) }
    }

    private mutating func work(_ seed: inout Seed) {
        for _ in 0..<seed.number(0...3) {
            add("handling.addProgress", .unit, #""note":"已到现场核查。","public":\#(seed.chance(0.3))"#)
        }
        if seed.chance(0.4) { add("handling.fileOpinion", .unit, #""opinion":"责令停工，限期整改。""#) }
        if seed.chance(0.1) {
            add("assignment.instruct", .office, #""text":"请限期办结。","leader":{"name":"吴市长","title":"市长"}"#)
        }
        report(&seed)
        if seed.chance(0.15) {
            add("handling.review", .office, #""decision":"sendBack","comment":"请补充。","reviewer":\#(Self.person)"#)
            report(&seed)
        }
    }

    private mutating func report(_ seed: inout Seed) {
        add(
            "handling.fileResult", .unit,
            #"""
            "factual":true,"resolution":"resolved","internalAccount":"现场核查，已责令停工。","publicReply":"\#(Self.reply)","signedBy":{"name":"吴局长","title":"局长"}
            """#)
    }

    private mutating func answer(_ seed: inout Seed) {
        approve()
        if seed.chance(0.1) {
            add("handling.withdrawApproval", .office, #""reason":"措辞须再斟酌。""#)
            approve()
        }
        publish(&seed)
        if seed.chance(0.15) {
            add(
                "supervision.recordFollowUp", .supervisor,
                #""method":"phone","satisfaction":"dissatisfied","resolution":"unresolved""#)
            report(&seed)
            approve()
            publish(&seed)
        }
        add(
            "supervision.recordFollowUp", .supervisor,
            #""method":"phone","satisfaction":"satisfied","resolution":"resolved""#)
        guard seed.chance(0.8) else { return }
        add("archive.seal", .admin)
        if seed.chance(0.1) { add("intake.supplement", .source, #""text":"还有一事。""#, .refusal(code: 1010)) }
    }

    private mutating func approve() {
        add("handling.review", .office, #""decision":"approve","comment":"同意。","reviewer":\#(Self.person)"#)
    }

    private mutating func publish(_ seed: inout Seed) {
        let board = #""way":"board","url":"https://board.example/1","sha256":"\#(Self.digest)""#
        add("handling.confirmPublication", .registrar, seed.chance(0.5) ? board : #""way":"phone""#)
    }
}
