/// Undoing the escapes of a string that has been scanned.
///
/// The bytes are UTF-8 except that a lone surrogate escape becomes its three bytes `ED A0…BF xx` ("WTF-8"), which
/// scanned text cannot hold otherwise. Two strings are the same exactly when these bytes are.
enum Escape {
    /// What the byte behind a backslash stands for; nil for `u` and for what JSON does not know.
    static func byte(for letter: UInt8) -> UInt8? {
        switch letter {
        case 0x22, 0x2F, 0x5C: letter
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        default: nil
        }
    }

    struct Undone {
        var bytes: [UInt8] = []
        var hasLoneSurrogate = false
        var hasNUL = false
    }

    /// - Parameter content: the bytes between the quotes of a string that the scanner accepted.
    static func undo(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Undone {
        var undone = Undone()
        undone.bytes.reserveCapacity(content.count)
        var rest = content
        while let stop = rest.firstIndex(of: ASCII.backslash) {
            undone.bytes.append(contentsOf: rest[..<stop])
            rest = rest[(stop + 1)...]
            guard let letter = rest.popFirst() else { break }
            if letter == ASCII.lowerU {
                undone.append(takeScalar(&rest))
            } else {
                undone.bytes.append(Self.byte(for: letter) ?? letter)
            }
        }
        undone.bytes.append(contentsOf: rest)
        return undone
    }

    /// Takes four digits and, behind a high surrogate, the escape of a low one.
    private static func takeScalar(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
        let unit = takeUnit(&rest)
        guard 0xD800...0xDBFF ~= unit, rest.starts(with: [ASCII.backslash, ASCII.lowerU]) else { return unit }
        var ahead = rest.dropFirst(2)
        let low = takeUnit(&ahead)
        guard 0xDC00...0xDFFF ~= low else { return unit }
        rest = ahead
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private static func takeUnit(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
        let unit = rest.prefix(4).reduce(0) { $0 << 4 | (ASCII.hexValue($1) ?? 0) }
        rest = rest.dropFirst(4)
        return unit
    }
}

extension Escape.Undone {
    fileprivate mutating func append(_ scalar: UInt32) {
        switch scalar {
        case 0..<0x80:
            hasNUL = hasNUL || scalar == 0
            bytes.append(UInt8(scalar))
        case 0x80..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(continuation(scalar))
        case 0x800..<0x10000:
            hasLoneSurrogate = hasLoneSurrogate || 0xD800...0xDFFF ~= scalar
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(continuation(scalar >> 6))
            bytes.append(continuation(scalar))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(continuation(scalar >> 12))
            bytes.append(continuation(scalar >> 6))
            bytes.append(continuation(scalar))
        }
    }

    private func continuation(_ bits: UInt32) -> UInt8 { UInt8(0x80 | bits & 0x3F) }
}
