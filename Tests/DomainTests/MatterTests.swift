import Domain
import Testing

struct MatterTests {
    private static func folded(_ title: String, _ body: String = "正文") -> String {
        Matter.folded(Title(unchecked: title), Body(unchecked: body))
    }

    @Test(arguments: ["路灯不亮ABC12", "路灯 不亮 abc 12", "路灯\u{3000}不亮ＡＢＣ１２", "\u{FEFF}路灯不亮\nAbC12\u{200B}"])
    func spacesWidthAndCaseDoNotMatter(_ title: String) {
        #expect(Self.folded(title) == Self.folded("路灯不亮abc12"))
    }

    @Test(arguments: ["路灯不亮", "路灯不亮。", "路灯不亮abc13"])
    func everythingElseDoes(_ title: String) { #expect(Self.folded(title) != Self.folded("路灯不亮abc12")) }

    @Test func whereTheTitleEndsMatters() { #expect(Self.folded("甲乙", "丙") != Self.folded("甲", "乙丙")) }
}
