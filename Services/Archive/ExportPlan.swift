import Crypto
import Domain
import Foundation
import ServiceKit

/// The package of a range of days, a tar file, as pieces of about a mebibyte. What depends on when it was made (the roots
/// of a day that is not over, the script) is kept; all else is made anew from the files of a range of positions, the same
/// whenever it is made. So no instance holds the package, and any of them can give out any part of it.
///
///     README.txt  verify.sh  days.jsonl  leaves.jsonl  SHA256SUMS  documents/<day>/<position>-<case number>.json …
enum ExportPlan {
    /// A sealed file, as the lists of the package name it.
    struct Entry: Sendable {
        var position: Int64
        var caseNumber: CaseNumber
        var day: Day
        var sha256: [UInt8]
        /// Of the document.
        var bytes: Int

        var path: String {
            let number = String(position)
            let zeros = String(repeating: "0", count: max(0, 12 - number.utf8.count))
            return "documents/\(day)/\(zeros)\(number)-\(caseNumber.text).json"
        }
    }

    enum Kind: String, Sendable { case kept, leaves, sums, documents }

    struct Piece: Sendable {
        var kind: Kind
        var bytes: Int
        /// The positions it is made from, and what is kept: one of the two.
        var positions: ClosedRange<Int64>?
        var content: [UInt8]?
    }

    static let pieceBytes = 1 << 20

    static func pieces(_ entries: [Entry], days: [Chain.DayRoot], today: Day, to: Day) -> [Piece] {
        let texts: [(name: String, content: [UInt8])] = [
            ("README.txt", Array(ExportScript.readme.utf8)), ("verify.sh", Array(ExportScript.verify.utf8)),
            ("days.jsonl", days.flatMap { Array(line($0, isFinal: $0.day < today).utf8) }),
        ]
        let leaves = ranges(entries, .leaves) { leaf($0).utf8.count }
        let sums = ranges(entries, .sums) { sum($0).utf8.count }
        let documents = ranges(entries, .documents) { Tar.block + $0.bytes + Tar.padding($0.bytes).count }
        let leavesBytes = leaves.reduce(0) { $0 + $1.bytes }
        var digest = SHA256()
        for entry in entries { digest.update(data: Data(leaf(entry).utf8)) }
        let more =
            texts.map { "\(Secrets.hex(Secrets.sha256($0.content)))  \($0.name)\n" }.joined()
            + "\(Secrets.hex(Array(digest.finalize())))  leaves.jsonl\n"
        let sumsBytes = sums.reduce(more.utf8.count) { $0 + $1.bytes }

        let head = texts.flatMap { Tar.file($0.name, $0.content, isProgram: $0.name == "verify.sh", at: to) }
        return [kept(head + Tar.header("leaves.jsonl", bytes: leavesBytes, at: to))] + leaves
            + [kept(Tar.padding(leavesBytes) + Tar.header("SHA256SUMS", bytes: sumsBytes, at: to))] + sums
            + [kept(Array(more.utf8) + Tar.padding(sumsBytes))] + documents + [kept(Tar.end)]
    }

    /// A line of `leaves.jsonl`.
    static func leaf(_ entry: Entry) -> String {
        """
        {"caseNumber":"\(entry.caseNumber.text)","day":"\(entry.day)","path":"\(entry.path)",\
        "position":\(entry.position),"sha256":"\(Secrets.hex(entry.sha256))"}

        """
    }

    /// A line of `SHA256SUMS`.
    static func sum(_ entry: Entry) -> String { "\(Secrets.hex(entry.sha256))  \(entry.path)\n" }

    /// A document with its header, as it stands in the package.
    static func document(_ entry: Entry, _ content: [UInt8]) -> [UInt8] { Tar.file(entry.path, content, at: entry.day) }

    private static func line(_ day: Chain.DayRoot, isFinal: Bool) -> String {
        """
        {"day":"\(day.day)","files":\(day.files),"final":\(isFinal),"previousRoot":"\(Secrets.hex(day.previousRoot))",\
        "root":"\(Secrets.hex(day.root))"}

        """
    }

    private static func kept(_ content: [UInt8]) -> Piece { Piece(kind: .kept, bytes: content.count, content: content) }

    /// Cuts the entries into pieces that are at most `pieceBytes` long, or one entry.
    private static func ranges(_ entries: [Entry], _ kind: Kind, _ bytes: (Entry) -> Int) -> [Piece] {
        entries.reduce(into: []) { pieces, entry in
            let more = bytes(entry)
            if let last = pieces.last, let range = last.positions, last.bytes + more <= pieceBytes {
                pieces[pieces.count - 1] = Piece(
                    kind: kind, bytes: last.bytes + more, positions: range.lowerBound...entry.position)
            } else {
                pieces.append(Piece(kind: kind, bytes: more, positions: entry.position...entry.position))
            }
        }
    }
}
