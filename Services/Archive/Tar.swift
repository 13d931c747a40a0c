import Domain

/// POSIX ustar, as far as regular files need it: a block of 512 bytes with name, size and checksum, the content, zeros up
/// to the next block; two blocks of zeros end it. Owner and group are 0, and nothing in it depends on when it is written.
enum Tar {
    static let block = 512
    static let end = [UInt8](repeating: 0, count: 2 * block)

    /// - Parameter name: ASCII, at most 100 bytes.
    static func header(_ name: String, bytes: Int, isProgram: Bool = false, at day: Day) -> [UInt8] {
        precondition(name.utf8.count <= 100, "\(name) is too long for ustar")
        var header = [UInt8](repeating: 0, count: block)
        func write(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        write(name, at: 0)
        write(isProgram ? "0000755" : "0000644", at: 100)
        write("0000000", at: 108)
        write("0000000", at: 116)
        write(octal(bytes, 11), at: 124)
        write(octal(max(0, Int(day.start.milliseconds / 1000)), 11), at: 136)
        write("        ", at: 148)
        write("0", at: 156)
        write("ustar\u{0}00", at: 257)
        write("0000000", at: 329)
        write("0000000", at: 337)
        let sum = header.reduce(0) { $0 + Int($1) }
        write("\(octal(sum, 6))\u{0} ", at: 148)
        return header
    }

    /// The zeros behind so many bytes.
    static func padding(_ bytes: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (block - bytes % block) % block)
    }

    /// A whole file.
    static func file(_ name: String, _ content: [UInt8], isProgram: Bool = false, at day: Day) -> [UInt8] {
        header(name, bytes: content.count, isProgram: isProgram, at: day) + content + padding(content.count)
    }

    private static func octal(_ number: Int, _ digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
