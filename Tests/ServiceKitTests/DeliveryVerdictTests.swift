import JSONRPC
import Testing

@testable import ServiceKit

struct DeliveryVerdictTests {
    private static func verdict(_ code: Int?, version: String? = "1.2.0") -> DeliveryVerdict {
        let body =
            code.map {
                Reply.failure(id: RequestID(1), error: RPCError(code: $0, message: "m", reason: "r", detail: ""))
            }
            ?? Reply.success(id: RequestID(1), result: Array("{}".utf8))
        return DeliveryVerdict(PeerReply(body: body, version: version), ownVersion: "1.2.0")
    }

    @Test func aResultIsADelivery() { #expect(Self.verdict(nil) == .delivered) }

    @Test(arguments: [-32005, -32008, -32050, -32009])
    func whatDidNotArriveCountsNoTry(_ code: Int) { #expect(Self.verdict(code) == .notArrived) }

    @Test(arguments: [-32603, -32001, -32003])
    func whatMayBeMendedIsTriedAgain(_ code: Int) {
        #expect(Self.verdict(code) == .refused(reason: "r", isPermanent: false))
    }

    @Test(arguments: [1001, 1009, -32600, -32700])
    func anyOtherRefusalIsForGood(_ code: Int) {
        #expect(Self.verdict(code) == .refused(reason: "r", isPermanent: true))
    }

    @Test(arguments: [-32601, -32602])
    func anOlderReceiverIsWaitedFor(_ code: Int) {
        for older in ["1.1.9", "1.2", "0.10.0", nil] { #expect(Self.verdict(code, version: older) == .notArrived) }
        for same in ["1.2.0", "1.2.1", "1.10.0", "2.0.0"] {
            #expect(Self.verdict(code, version: same) == .refused(reason: "r", isPermanent: true))
        }
    }

    @Test func whatIsNoReplyIsTriedAgain() {
        let verdict = DeliveryVerdict(PeerReply(body: [1, 2, 3], version: nil))
        #expect(verdict == .refused(reason: "unreadableReply", isPermanent: false))
    }
}
