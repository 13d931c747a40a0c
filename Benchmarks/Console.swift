import Foundation

/// What is read at the terminal while it runs. Written at once, also where the output is a pipe.
enum Console {
    static func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
}

/// Why a run counts for nothing, in words for people.
struct Failure: Error, CustomStringConvertible, Sendable {
    let description: String
    init(_ description: String) { self.description = description }
}
