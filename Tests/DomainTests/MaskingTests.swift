import Domain
import Testing

struct MaskingTests {
    @Test(arguments: [
        ("电话13812345678。", "电话***********。"), ("13812345678", "***********"), ("19912345678x", "***********x"),
        ("138 1234 5678", "*** **** ****"), ("138-1234-5678", "***-****-****"), ("138－1234－5678", "***－****－****"),
        ("138—1234—5678", "***—****—****"), ("138\u{A0}1234\u{3000}5678", "***\u{A0}****\u{3000}****"),
        ("138 - 1234 - 5678", "*** - **** - ****"), ("138\u{200B}12345678", "***\u{200B}********"),
        ("１３８１２３４５６７８", "***********"), ("１３８ 1234 ５６７８", "*** **** ****"), ("𝟏𝟑𝟖12345678", "***********"),
        ("+8613812345678", "+*************"), ("86-138-1234-5678", "**-***-****-****"),
        ("0086 13812345678", "**** ***********"),
        ("013812345678", "************"), ("①13812345678②13912345678", "①***********②***********"),
        ("120m²13812345678", "120m²***********"), ("1、13812345678", "1、***********"),
        ("2 13812345678", "2 ***********"),
        ("13812345678,13912345678", "***********,***********"), ("13812345678-1", "***********-1"),
        ("2026-10-08 13812345678", "2026-10-08 ***********"), ("😀13812345678\r\n", "😀***********\r\n"),
        // Identity numbers, of eighteen digits (the last may be an X) and of fifteen.
        ("身份证430103198001011234", "身份证******************"), ("43010319800101123X", "******************"),
        ("43010319800101123ｘ止", "******************止"), ("430103 19800101 1234", "****** ******** ****"),
        ("430103800101123", "***************"),
    ])
    func mobileAndIdentityNumbersAreHiddenEverywhere(text: String, masked: String) {
        #expect(Masking.masked(text) == masked)
        #expect(Masking.maskedReply(text) == masked)
        #expect(Masking.holdsPersonalNumber(text))
        #expect(!Masking.holdsPersonalNumber(masked))
        #expect(Masking.masked(masked) == masked)
    }

    @Test(arguments: [
        ("0735-2888888", "****-*******"), ("07352888888", "***********"), ("(0735)2888888", "(****)*******"),
        ("（0735）28888888", "（****）********"), ("010-12345678", "***-********"),
        ("电话：0731 8888 8888转801", "电话：**** **** ****转801"),
        ("+86-0735-2888888", "+86-****-*******"),
    ])
    func landlinesAreHiddenInWhatCitizensWriteAndStayInReplies(text: String, masked: String) {
        #expect(Masking.masked(text) == masked)
        #expect(Masking.maskedReply(text) == text)
        #expect(!Masking.holdsPersonalNumber(text))
    }

    @Test(arguments: [
        "", "没有号码", "12345热线", "110、119、120", "2026年10月8日", "2026-10-08T09:30:00+08:00", "1234567890", "12812345678",
        "113812345678", "138123456789", "1381234567", "138123a45678", "138，1234，5678", "138\n12345678",
        "138    12345678",
        "430103198013011234", "430103198001321234", "430103168001011234", "430103-198001-01123456",
        "4301031980010112345",
        "投资13.81亿元", "门牌400-123-4567", "邮编423000", "X3812345678", "¥13,812,345,678",
        // A case and a letter number, and other numbers that are as long as an identity number.
        "202611-000000042", "202611-000101123", "202609-801231999", "云网问交〔2026〕12号", "202611800101123",
    ])
    func otherNumbersStay(text: String) {
        #expect(Masking.masked(text) == text)
        #expect(Masking.maskedReply(text) == text)
        #expect(!Masking.holdsPersonalNumber(text))
    }

    @Test func everyMobileRangeIsKnownAndNoOther() {
        for second in 0...9 { #expect(Masking.holdsPersonalNumber("1\(second)812345678") == (second >= 3)) }
    }

    @Test func hidingKeepsTheLengthAndAllThatIsNoDigit() {
        var numbers = SeededNumbers(99)
        let alphabet = Array("0123456789013812345678 -—（）xX，。电话\u{3000}①²".unicodeScalars)
        for _ in 0..<3000 {
            let scalars = (0..<60).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
            let masked = Array(Masking.masked(String(String.UnicodeScalarView(scalars))).unicodeScalars)
            #expect(masked.count == scalars.count)
            #expect(
                zip(scalars, masked).allSatisfy {
                    $0 == $1 || ($1 == "*" && ("0"..."9" ~= $0 || $0 == "x" || $0 == "X"))
                })
            #expect(!Masking.holdsPersonalNumber(String(String.UnicodeScalarView(masked))))
        }
    }

    @Test(arguments: [
        ("张 三丰", "张三丰"), ("张·三-丰（先生）", "张三丰先生"), ("ＺＨＡＮＧ San", "zhangsan"), ("１３８-1234 5678", "13812345678"),
        ("，。！", ""), ("", ""),
    ])
    func aTextFoldsToItsLettersAndDigits(text: String, folded: String) {
        #expect(Masking.folded(text) == folded)
    }
}
