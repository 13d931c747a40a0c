import Postgres
import Testing

@Suite struct ConnectionStringTests {
    @Test(arguments: [
        "host=a,b port=5432,5433 dbname=renling user=u password='p q' target_session_attrs=read-write",
        "postgresql://u:p%20q@a:5432,b:5433/renling?target_session_attrs=read-write",
    ])
    func bothFormsAreRead(_ text: String) throws {
        let string = try ConnectionString(text)
        #expect(string["host"] == "a,b")
        #expect(string["port"] == "5432,5433")
        #expect(string["dbname"] == "renling")
        #expect(string["password"] == "p q")
        #expect(string["target_session_attrs"] == "read-write")
        #expect(string["connect_timeout"] == nil)
    }

    @Test(arguments: ["it's", "back\\slash", " spaced ", "", "密码", "'\u{301}", "a=b"])
    func aValueSurvivesBeingWrittenAndRead(_ value: String) throws {
        let string = try ConnectionString("host=a").setting("password", to: value)
        #expect(try ConnectionString(string.text)["password"] == value)
    }

    @Test func aSettingReplacesAndADefaultDoesNot() throws {
        let string = try ConnectionString("host=a connect_timeout=9")
        #expect(string.setting("host", to: "b")["host"] == "b")
        #expect(string.setting("connect_timeout", orElse: "3")["connect_timeout"] == "9")
        #expect(string.setting("keepalives_idle", orElse: "10")["keepalives_idle"] == "10")
    }

    @Test func aPasswordIsNeverDescribed() throws {
        let string = try ConnectionString("postgresql://u:geheim@a/d?sslpassword=auchgeheim")
        var dumped = ""
        dump(string, to: &dumped)
        for text in ["\(string)", String(reflecting: string), dumped] {
            #expect(text.contains("user='u'") && !text.contains("geheim"))
        }
    }

    @Test(arguments: ["geheim", "host='geheim", "nokeyword=geheim", "postgresql://u:geheim@[::1/d"])
    func whatCannotBeReadIsRefusedWithoutQuotingIt(_ text: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionString(text) }
        #expect(error.map { "\($0)".contains("geheim") } == false)
    }

    @Test func nulIsRefused() {
        let error = #expect(throws: PostgresError.self) { try ConnectionString("host=a\0b") }
        #expect(error?.code == .nulCharacter)
    }
}
