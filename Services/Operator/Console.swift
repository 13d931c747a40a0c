import Foundation

/// What the operator reads. Written at once, also where the output is a pipe.
enum Console {
    static func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
    static func warn(_ text: String) { FileHandle.standardError.write(Data("renling: \(text)\n".utf8)) }
}

/// Why a command cannot go on, in words for the operator.
struct Failure: Error, CustomStringConvertible, Sendable {
    let description: String
    init(_ description: String) { self.description = description }
}
