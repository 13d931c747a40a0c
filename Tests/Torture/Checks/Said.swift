import Domain
import JSONRPC

/// What an answer says about the case.
struct Said {
    let caseId: Int64
    let version: Int

    init?(_ answer: [UInt8]?) {
        guard let answer, let result = try? JSONValue(parsing: answer),
            let number = result["caseNumber"]?.stringValue.flatMap({ CaseNumber($0) })?.id,
            let version = result["version"]?.intValue
        else { return nil }
        caseId = number
        self.version = version
    }
}
