import JSONRPC
import Testing

@Suite struct SchemaProbeTests {
    @Test func aStructIsDescribedMemberByMember() throws {
        let place: JSONValue = [
            "type": "object", "properties": ["latitude": ["type": "number"], "longitude": ["type": "number"]],
            "required": ["latitude", "longitude"], "additionalProperties": false,
        ]
        let schema = try SchemaProbe.schema(of: Filing.self)
        let properties = schema["properties"]
        #expect(schema["type"] == "object")
        #expect(schema["required"] == ["title", "urgency"])
        #expect(schema["additionalProperties"] == false)
        #expect(properties?["title"] == Title.schema)
        #expect(properties?["urgency"] == ["type": "string", "enum": ["red", "amber", "green"]])
        #expect(properties?["count"] == ["type": "integer"])
        #expect(properties?["small"] == ["type": "integer"])
        #expect(properties?["open"] == ["type": "boolean"])
        #expect(properties?["about"] == ["type": "array", "items": ["type": "string"]])
        #expect(properties?["place"] == place)
        #expect(properties?["attachments"]?["items"]?["required"] == ["bytes"])
        #expect(properties?["labels"] == ["type": "object", "additionalProperties": ["type": "integer"]])
        #expect(properties?["free"] == [:])
        let order = properties?.members?.map(\.name.text)
        #expect(
            order == [
                "title", "urgency", "count", "small", "open", "petitioner", "about", "place", "attachments", "labels",
                "free",
            ])
    }

    struct Required: Codable {
        var list: [Place]
        var map: [String: [Urgency]]
        var maybe: Urgency?
        var set: Set<String>
        var int64: Int64
        var free: JSONValue
        var either: Either
    }

    @Test func requiredCollectionsAreFollowed() throws {
        let schema = try SchemaProbe.schema(of: Required.self)
        #expect(schema["required"] == ["list", "map", "set", "int64", "free", "either"])
        #expect(schema["properties"]?["map"]?["additionalProperties"]?["items"]?["enum"] == ["red", "amber", "green"])
        #expect(schema["properties"]?["set"] == ["type": "array", "items": ["type": "string"]])
        #expect(schema["properties"]?["list"]?["items"]?["type"] == "object")
        #expect(schema["properties"]?["free"] == [:])
    }

    struct Tree: Codable {
        var name: String
        var children: [Tree]
        var named: [String: Tree]
        var best: [Tree]?
    }

    @Test func aTypeInsideItselfEndsTheProbe() throws {
        let properties = try SchemaProbe.schema(of: Tree.self)["properties"]
        #expect(properties?["children"] == ["type": "array", "items": ["type": "object"]])
        #expect(properties?["named"] == ["type": "object", "additionalProperties": ["type": "object"]])
        #expect(properties?["best"] == ["type": "array", "items": ["type": "object"]])
    }

    @Test func otherKindsOfTypesAreDescribed() throws {
        #expect(try SchemaProbe.schema(of: [String].self) == ["type": "array", "items": ["type": "string"]])
        #expect(try SchemaProbe.schema(of: Title.self) == Title.schema)
        #expect(try SchemaProbe.schema(of: JSONValue.self) == [:])
        #expect(try SchemaProbe.schema(of: String.self) == ["type": "string"])
        let nothing: JSONValue = ["type": "object", "properties": [:], "required": [], "additionalProperties": false]
        #expect(try SchemaProbe.schema(of: Nothing.self) == nothing)
        let byHand = try SchemaProbe.schema(of: ByHand.self)
        #expect(byHand["required"] == ["inner", "list", "base"])
        #expect(byHand["properties"]?["inner"]?["properties"]?["a"] == ["type": "integer"])
    }

    @Test func aTypeThatRefusesStandInsMustDescribeItself() {
        #expect(throws: SchemaUnknown(type: "Direction")) { try SchemaProbe.schema(of: Holder<Direction>.self) }
        #expect(throws: SchemaUnknown(type: "Stubborn")) { try SchemaProbe.schema(of: [Holder<Stubborn>].self) }
    }

    @Test func anExampleHoldsTheRequiredMembers() throws {
        let filing = try SchemaProbe.example(of: Filing.self)
        #expect(filing == ["title": "标题", "urgency": "red"])
        let example = try SchemaProbe.example(of: Required.self)
        #expect(example["list"] == [["latitude": 0, "longitude": 0]])
        _ = try ParamsDecoder.decode(Filing.self, from: SchemaProbe.example(of: Filing.self))
    }
}
