import JSONRPC

/// Bytes with one number of eight digits at some places, so that the next request costs no more than writing it there.
struct Template: Sendable {
    private(set) var bytes: [UInt8]
    private let places: [Int]
    private static let digits = 8
    static let mark = String(repeating: "#", count: digits)

    /// - Parameter text: holds `mark` wherever the number shall stand.
    init(_ text: String) {
        bytes = Array(text.utf8)
        let mark = Array(Self.mark.utf8)
        var places: [Int] = []
        var at = 0
        while at + mark.count <= bytes.count {
            let isPlace = bytes[at..<at + mark.count].elementsEqual(mark)
            if isPlace { places.append(at) }
            at += isPlace ? mark.count : 1
        }
        self.places = places
    }

    /// - Parameter number: eight digits.
    mutating func write(_ number: Int) {
        for place in places {
            var rest = number
            for digit in stride(from: place + Self.digits - 1, through: place, by: -1) {
                bytes[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }
}

/// The messages of one load: about 200 characters from a petitioner with a name and a phone. Every one has an external
/// id, a phone and an idempotency key that no other has.
struct Registrations: Sendable {
    static let channel = "bench"
    static let first = 10_000_000
    /// Tells the ids of one load from those of all others: eight hexadecimal digits.
    let run = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)

    /// The external id and the key of the message with that number.
    func id(_ number: String) -> String { "\(run)-\(number)" }

    var body: String {
        """
        {"jsonrpc":"2.0","id":\(Template.mark),"method":"intake.register","params":{"channel":"\(Self.channel)",\
        "externalId":"\(id(Template.mark))","title":"反映小区夜间施工扰民问题","body":"\(text)",\
        "petitioner":{"name":"王晓明","phone":"139\(Template.mark)"}}}
        """
    }

    /// 214 characters, run and number among them: the same petitioner's same text would be merged into the case before.
    private var text: String {
        """
        我是阳光花园小区三号楼的住户。本月初以来，小区北侧工地每晚十点以后仍在浇筑混凝土，机器轰鸣和车辆进出的声音持续到凌晨两三点，\
        家中老人和即将参加考试的孩子无法休息。我们先后向物业和施工单位反映，对方称已取得夜间施工许可，却始终没有出示，也没有在现场公示。\
        请有关部门核实许可情况，依法处理违规施工，并将结果告诉我们。另外，工地出入口未设洗车设备，路面泥土较多，雨天行人容易滑倒，\
        望一并督促整改。编号\(run)\(Template.mark)。
        """
    }
}

/// What a measured stretch of time came to.
struct Stretch: Sendable {
    /// Successful ones; anything else ends the run.
    var replies = 0
    var seconds = 0.0
    /// Microseconds from each request to its reply.
    var latencies: [UInt32] = []
    /// Seconds of each of `Processors.parts`.
    var used: [Double] = []

    var perSecond: Double { Double(replies) / seconds }
    var medianMs: Double { Double(latencies.sorted()[latencies.count / 2]) / 1000 }
}

enum Replies {
    /// - Throws: `Failure` with the text of anything but a result.
    static func check(_ bytes: [UInt8]) throws {
        if let reply = try? Reply.parse(bytes), case .result = reply.outcome { return }
        throw Failure("instead of a result: \(String(decoding: bytes.prefix(1000), as: UTF8.self))")
    }
}
