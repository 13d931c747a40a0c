import JSONRPC

/// Bytes with one number of eight digits at some places, so that the next request costs no more than writing it there.
struct Template: Sendable {
    private(set) var bytes: [UInt8]
    private let places: [(at: Int, plus: Int)]
    private static let digits = 8
    static let mark = String(repeating: "#", count: digits)

    /// - Parameter text: holds `mark` wherever the number shall stand, and `mark(plus: n)` for the number plus `n`.
    init(_ text: String) {
        bytes = Array(text.utf8)
        var places: [(at: Int, plus: Int)] = []
        var at = 0
        while at + Self.digits <= bytes.count {
            let plus = bytes[at] == UInt8(ascii: "#") ? Self.plus(bytes[at..<at + Self.digits]) : nil
            if let plus { places.append((at, plus)) }
            at += plus == nil ? 1 : Self.digits
        }
        self.places = places
    }

    /// - Parameter plus: 0…999
    static func mark(plus: Int) -> String {
        let digits = String(plus)
        return String(repeating: "#", count: Self.digits - digits.count) + digits
    }

    /// The number that follows some `#`: 0 for nothing but these; `nil` for what is no mark.
    private static func plus(_ bytes: ArraySlice<UInt8>) -> Int? {
        let digits = bytes.drop { $0 == UInt8(ascii: "#") }
        guard digits.count <= 3 else { return nil }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self))
    }

    /// - Parameter number: eight digits.
    mutating func write(_ number: Int) {
        for place in places {
            var rest = number + place.plus
            for digit in stride(from: place.at + Self.digits - 1, through: place.at, by: -1) {
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

    var body: String { call(Template.mark, key: "") }

    /// A batch of single calls, each with its key among the params; or, of 500, one call of `intake.registerBatch`.
    func batch(of count: Int) -> String {
        let marks = (0..<count).map(Template.mark(plus:))
        func key(_ mark: String) -> String { #","idempotencyKey":"\#(id(mark))""# }
        guard count > Self.batchMax else {
            return "[" + marks.map { call($0, key: key($0)) }.joined(separator: ",") + "]"
        }
        let cases = marks.map { "{\(params($0))\(key($0))}" }.joined(separator: ",")
        return #"{"jsonrpc":"2.0","id":1,"method":"intake.registerBatch","params":{"cases":[\#(cases)]}}"#
    }

    private static let batchMax = 100

    private func call(_ mark: String, key: String) -> String {
        """
        {"jsonrpc":"2.0","id":\(mark),"method":"intake.register","params":{\(params(mark))\(key)}}
        """
    }

    private func params(_ mark: String) -> String {
        """
        "channel":"\(Self.channel)","externalId":"\(id(mark))","title":"反映小区夜间施工扰民问题","body":"\(text(mark))",\
        "petitioner":{"name":"王晓明","phone":"139\(mark)"}
        """
    }

    /// 214 characters, run and number among them: the same petitioner's same text would be merged into the case before.
    private func text(_ mark: String) -> String {
        """
        我是阳光花园小区三号楼的住户。本月初以来，小区北侧工地每晚十点以后仍在浇筑混凝土，机器轰鸣和车辆进出的声音持续到凌晨两三点，\
        家中老人和即将参加考试的孩子无法休息。我们先后向物业和施工单位反映，对方称已取得夜间施工许可，却始终没有出示，也没有在现场公示。\
        请有关部门核实许可情况，依法处理违规施工，并将结果告诉我们。另外，工地出入口未设洗车设备，路面泥土较多，雨天行人容易滑倒，\
        望一并督促整改。编号\(run)\(mark)。
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
    /// Seconds from some moment to each reply, in their order; not of all loads.
    var moments: [Double] = []
    /// The rate, where it is another than that of all replies.
    var rate: Double?
    /// Seconds of each of `Processors.parts`.
    var used: [Double] = []

    var perSecond: Double { rate ?? Double(replies) / seconds }
    /// The rate in the last three fifths of the time: by then new connections have found their tables and plans.
    var perSecondLater: Double {
        guard let first = moments.first, let last = moments.last, last > first else { return 0 }
        let from = first + (last - first) * 0.4
        return Double(moments.count { $0 > from }) / (last - from)
    }
    /// The rate from a quarter of the replies on, when statements are prepared and caches filled, to nine tenths, when all
    /// connections still have something to do.
    var perSecondInTheMiddle: Double {
        let (from, to) = (moments.count / 4, moments.count * 9 / 10)
        guard to > from else { return 0 }
        return Double(to - from) / (moments[to] - moments[from])
    }
    var medianMs: Double { Double(latencies.sorted()[latencies.count / 2]) / 1000 }
}

enum Replies {
    /// A reply to many registrations, looked through without reading it as JSON: the generator is to cost little.
    ///
    /// - Throws: `Failure` with the text of the reply unless so many were registered.
    static func check(_ bytes: [UInt8], registered count: Int) throws {
        var found = 0
        bytes.withUnsafeBytes { bytes in
            for at in bytes.indices.dropLast(trackingCode.count) where bytes[at] == trackingCode[0] {
                if bytes[at + 1] == trackingCode[1], bytes[at..<at + trackingCode.count].elementsEqual(trackingCode) {
                    found += 1
                }
            }
        }
        guard found == count else {
            throw Failure("\(found) of \(count) registered: \(String(decoding: bytes.prefix(2000), as: UTF8.self))")
        }
    }

    private static let trackingCode = Array(#""trackingCode":"#.utf8)

    /// - Throws: `Failure` with the text of anything but a result.
    static func check(_ bytes: [UInt8]) throws {
        if let reply = try? Reply.parse(bytes), case .result = reply.outcome { return }
        throw Failure("instead of a result: \(String(decoding: bytes.prefix(1000), as: UTF8.self))")
    }
}
