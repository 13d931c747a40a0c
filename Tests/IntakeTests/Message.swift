import JSONRPC
import TestKit

/// What the tests register.
enum Message {
    static func params(_ id: String, _ changes: KeyValuePairs<String, JSONValue> = [:]) -> JSONValue {
        let usual: JSONValue = [
            "channel": "board", "externalId": JSONValue(id), "title": "路灯不亮", "body": "和平路的路灯坏了一周，请修理。",
        ]
        return usual.with(changes)
    }

    static func attachment(_ name: String = "照片.jpg", bytes: JSONValue = 1024) -> JSONValue {
        [
            "name": JSONValue(name), "mediaType": "image/jpeg", "bytes": bytes,
            "sha256": JSONValue(String(repeating: "ab", count: 32)), "url": "https://example.org/1.jpg",
        ]
    }
}
