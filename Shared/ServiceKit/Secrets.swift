import Crypto
import Domain
import Foundation
import Postgres
import Synchronization

/// The installation's key, and what is derived from it (HKDF-SHA256, one label per purpose): tracking codes, the seal on
/// petitioners' identities, the programs' own tokens and their database passwords.
public struct Secrets: Sendable {
    private let master: SymmetricKey
    private let derived = Derived()

    /// The keys of the purposes seen so far; their names are few and our own.
    private final class Derived: Sendable {
        let keys = Mutex<[String: SymmetricKey]>([:])
    }

    /// - Parameter key: 32 random bytes.
    public init(key: [UInt8]) {
        precondition(key.count == 32, "the installation's key has 32 bytes")
        master = SymmetricKey(data: key)
    }

    /// - Throws: `Settings.Problem` unless the file holds 64 hexadecimal digits.
    public init(file: String) throws {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let key = Self.bytes(hex: text.trimmingCharacters(in: .whitespacesAndNewlines)), key.count == 32
        else { throw Settings.Problem("\(file) (RENLING_KEY_FILE) must hold 64 hexadecimal digits") }
        self.init(key: key)
    }

    /// What a petitioner proves with that a case is theirs: 12 characters of Crockford's base 32, 60 bits.
    public func trackingCode(_ number: CaseNumber) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(number.text.utf8), using: subkey("tracking code"))
        var (bits, count, text) = (0, 0, "")
        for byte in code.prefix(8) where text.utf8.count < 12 {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5, text.utf8.count < 12 {
                text.unicodeScalars.append(Self.crockford[bits >> (count - 5) & 31])
                count -= 5
            }
        }
        return text
    }

    /// Whether `code` is the case's, in constant time. Letters of either case; I and L are read as 1, O as 0.
    public func isTrackingCode(_ code: String, of number: CaseNumber) -> Bool {
        let given = code.uppercased().map { $0 == "I" || $0 == "L" ? "1" : $0 == "O" ? "0" : $0 }.filter { $0 != "-" }
        let right = Array(trackingCode(number).utf8)
        let tried = Array(String(given).utf8)
        return tried.count == right.count && zip(tried, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A pseudonym for the petitioner of a case, from the number alone: it says nothing about who they are.
    public func alias(_ number: CaseNumber) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(number.text.utf8), using: subkey("alias"))
        let digits = code.prefix(4).map { Self.crockford[Int($0) & 31] }
        return "来信人" + String(String.UnicodeScalarView(digits))
    }

    /// Encrypts (AES-256-GCM) what identifies a petitioner. The case number is bound to it, so that no row can be moved.
    public func seal(_ plain: [UInt8], for number: CaseNumber) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(plain), using: subkey("identity"), authenticating: Data(number.text.utf8))
        guard let bytes = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Array(bytes)
    }

    public func open(_ sealed: [UInt8], for number: CaseNumber) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: Data(sealed))
        return Array(try AES.GCM.open(box, using: subkey("identity"), authenticating: Data(number.text.utf8)))
    }

    /// A keyed digest by which the same phone or account can be found again without being kept.
    public func index(_ text: String, kind: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: subkey("index \(kind)")))
    }

    /// The token with which a program calls another. No door for others accepts its role.
    public func serviceToken(_ service: String) -> String { hex("service token \(service)") }

    /// The secret CURVE key of a program's doors.
    func curveSecret(_ program: String) -> [UInt8] { subkey("curve \(program)").withUnsafeBytes { Array($0) } }

    /// The password of a program's database role.
    public func databasePassword(_ service: String) -> String { hex("database password \(service)") }

    /// The same database, as the role of a program.
    public func connection(_ base: ConnectionString, as service: String) throws -> ConnectionString {
        base.setting("user", to: "renling_\(service)").setting("password", to: databasePassword(service))
    }

    public static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: Data(bytes))) }
    public static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// A new bearer token: 256 random bits.
    public static func newToken() -> String { hex(randomKey()) }
    public static func randomKey() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

    private func subkey(_ purpose: String) -> SymmetricKey {
        if let known = derived.keys.withLock({ $0[purpose] }) { return known }
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, info: Data("renling \(purpose)".utf8), outputByteCount: 32)
        derived.keys.withLock { $0[purpose] = key }
        return key
    }

    private func hex(_ purpose: String) -> String { Self.hex(subkey(purpose).withUnsafeBytes { Array($0) }) }

    private static func bytes(hex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        return bytes.count == digits.count / 2 ? bytes : nil
    }

    private static let crockford = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".unicodeScalars)
}
