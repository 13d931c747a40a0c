import JSONRPC
import Testing

/// Mutations of valid texts, from fixed seeds: nothing traps, and the scanner agrees with a slow reader.
@Suite struct FuzzTests {
    static let texts = [
        #"{"jsonrpc":"2.0","method":"intake.register","params":{"title":"路灯不亮","about":["u1"],"n":-1.5e+10},"id":1}"#,
        #"[{"jsonrpc":"2.0","method":"m","id":"a\u0062\ud83d\ude00"},{"a":{"b":[true,false,null,[],{}]}},0.10]"#,
        #"{"é":"\"\\\/\b\f\n\r\t","😀":[[[[1]]]],"":"","a":1,"\u0061":2,"long":"abcdefghijklmnopqrstuvwxyz 01234567"}"#,
        #" [ 0 , -0 , 1e5 , 9007199254740993 , "\ud800" , "\u0000" ] "#,
    ]

    /// splitmix64
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static func mutated(_ text: String, _ random: inout Seeded) -> [UInt8] {
        var bytes = Array(text.utf8)
        let grammar = Array(#"{}[]",:\u0019eE+-.tfn "#.utf8) + [0x00, 0x1F, 0x80, 0xBF, 0xC2, 0xED, 0xA0, 0xF0, 0xFF]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
            let byte =
                Bool.random(using: &random)
                ? grammar.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where !bytes.isEmpty: bytes[place] = byte
            case 1 where !bytes.isEmpty: bytes.remove(at: place)
            case 2: bytes.insert(byte, at: min(place, bytes.count))
            case 3: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: bytes[place...].prefix(12), at: place)
            }
        }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func theScannerAgreesWithASlowReader(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        for round in 0..<2_500 {
            let bytes = Self.mutated(Self.texts[round % Self.texts.count], &random)
            let isJSON = SlowReader.isJSON(bytes)
            let scan = try? JSONScanner.scan(bytes)
            #expect((scan != nil) == isJSON, "\(bytes)")
            Self.checkValue(bytes, scan)
            Self.checkRequest(bytes, isJSON: isJSON)
        }
    }

    static func checkValue(_ bytes: [UInt8], _ scan: JSONScanner.Scan?) {
        let value = try? JSONValue(parsing: bytes)
        #expect((value != nil) == (scan != nil && scan?.duplicateAt == nil), "\(bytes)")
        guard let value else { return }
        let text = value.serialized()
        #expect((try? JSONValue(parsing: text)) == value)
        if let canonical = try? value.canonical() {
            #expect((try? JSONValue(parsing: canonical).canonical()) == canonical)
        }
        // Whether these refuse does not matter here, only that they return.
        _ = try? ParamsDecoder.decode(Filing.self, from: value)
        _ = try? ParamsDecoder.decode(JSONValue.self, from: value)
    }

    static func checkRequest(_ bytes: [UInt8], isJSON: Bool) {
        do {
            let body = try RequestScanner.scan(bytes)
            #expect(isJSON)
            let items: [RequestItem]
            switch body {
            case .single(let item): items = [item]
            case .batch(let batch): items = batch
            }
            for case .request(let head) in items {
                #expect((try? JSONValue(parsing: bytes, in: head.range)) != nil)
                if let params = head.params { #expect((try? JSONValue(parsing: bytes, in: params)) != nil) }
                if let id = head.id { #expect(RequestID(token: id.token) == id) }
            }
        } catch {
            #expect((error.code == -32700) == !isJSON)
        }
        // Nor here.
        _ = try? Reply.parse(bytes)
    }
}
