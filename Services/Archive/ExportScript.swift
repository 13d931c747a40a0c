/// What stands in an exported package so that it can be verified without this program.
enum ExportScript {
    /// `README.txt`
    static let readme = """
        归档文件导出包

        documents/   每份档案一个文件（RFC 8785 规范化 JSON），按归档日期分目录，按归档顺序编号
        SHA256SUMS   每份档案及下列清单的 SHA-256，可用 sha256sum -c SHA256SUMS 核验
        leaves.jsonl 每份档案一行：归档顺序号、日期、案号、摘要、路径
        days.jsonl   每日一行：前一日根值、当日根值（RFC 6962）、当日档案数；final 为 false 的，当日尚未结束
        verify.sh    核验脚本，只用 coreutils 和 jq：核对全部文件，重算每日根值及其衔接

        运行 sh verify.sh，再将其显示的根值与通报所载根值核对。

        Run `sh verify.sh`, then compare the roots that it shows with those printed in the bulletin.

        """

    /// `verify.sh`. What runs it needs on its PATH are the GNU coreutils and jq.
    static let verify = #"""
        #!/bin/sh
        # Proves an exported package of the archive with nothing but coreutils and jq: each document against SHA256SUMS,
        # each day's root against the digests of its documents (RFC 6962), and each day against the day before.
        set -eu
        export LC_ALL=C
        cd -- "$(dirname -- "$0")"
        work=$(mktemp -d)
        trap 'rm -r -- "$work"' EXIT

        fail() {
            printf 'BROKEN: %s\n' "$1" >&2
            exit 1
        }

        # same <file> <file>: whether both say the same.
        same() { [ "$(sha256sum < "$1")" = "$(sha256sum < "$2")" ]; }

        # hashed <bytes>: SHA-256 of each line of standard input, which is so many bytes in hexadecimal.
        hashed() {
            mkdir "$work/blocks"
            tr 'a-f' 'A-F' | basenc --base16 --decode \
                | split --bytes="$1" --numeric-suffixes --suffix-length=7 - "$work/blocks/"
            (
                cd "$work/blocks"
                set -- *
                if [ -e "$1" ]; then sha256sum -- "$@" | cut -d ' ' -f 1; fi
            )
            rm -r -- "$work/blocks"
        }

        # 1. Every document and every list is what SHA256SUMS says.
        sha256sum --check --strict --quiet SHA256SUMS || fail "a file differs from SHA256SUMS"

        # 2. The leaves are the documents that SHA256SUMS lists, in order; no document is beside them.
        jq -r '"\(.sha256)  \(.path)"' leaves.jsonl > "$work/leaves"
        count=$(jq -n '[inputs] | length' leaves.jsonl)
        head --lines="$count" SHA256SUMS > "$work/listed"
        same "$work/leaves" "$work/listed" || fail "leaves.jsonl differs from SHA256SUMS"
        jq -r .path leaves.jsonl | sort > "$work/expected"
        for document in documents/*/*; do
            if [ -e "$document" ]; then printf '%s\n' "$document"; fi
        done | sort > "$work/present"
        same "$work/expected" "$work/present" || fail "a document is missing, or stands in no list"

        # 3. Positions run without gap, and each document is of the case that its leaf names.
        jq -en 'reduce inputs as $leaf ({ok: true}; {ok: (.ok and (.last == null or $leaf.position == .last + 1)),
            last: $leaf.position}) | .ok' leaves.jsonl > "$work/null" || fail "positions have a gap"
        jq -r .caseNumber leaves.jsonl > "$work/named"
        : > "$work/found"
        set --
        jq -r .path leaves.jsonl > "$work/paths"
        while read -r path; do
            set -- "$@" "$path"
            [ $# -lt 200 ] && continue
            jq -r .case.caseNumber -- "$@" >> "$work/found"
            set --
        done < "$work/paths"
        [ $# -eq 0 ] || jq -r .case.caseNumber -- "$@" >> "$work/found"
        same "$work/named" "$work/found" || fail "a document is of another case than its leaf says"

        # 4. Each day's tree. A line is a day and a hash; every round pairs the neighbours of a day until one is left.
        {
            jq -r '"\(.day) 0 \(.previousRoot)"' days.jsonl
            jq -r '"\(.day) 1 \(.sha256)"' leaves.jsonl
        } | sort --stable --key=1,1 --key=2,2 > "$work/data"
        cut -d ' ' -f 1 "$work/data" > "$work/days"
        cut -d ' ' -f 3 "$work/data" | while read -r hash; do printf '00%s\n' "$hash"; done | hashed 33 > "$work/hashes"
        paste -d ' ' "$work/days" "$work/hashes" > "$work/level"
        jq -r .day days.jsonl > "$work/single"
        while cut -d ' ' -f 1 "$work/level" > "$work/days" && ! same "$work/days" "$work/single"; do
            # A pair becomes "day left right"; the last of an odd number goes up as it is.
            jq -nrR '[inputs | split(" ")] | group_by(.[0])[] | . as $nodes | range(0; length; 2) as $i
                | ($nodes[$i] + ($nodes[$i + 1] // [])[1:]) | join(" ")' "$work/level" > "$work/pairs"
            jq -rR 'split(" ") | select(length == 3) | "01" + .[1] + .[2]' "$work/pairs" \
                | hashed 65 > "$work/hashes"
            jq -nrR --rawfile hashes "$work/hashes" '($hashes | split("\n")) as $h
                | foreach (inputs | split(" ")) as $pair ({n: 0}; if ($pair | length) == 3 then {n: (.n + 1), hash: $h[.n]} else {n: .n, hash: $pair[1]} end;
                "\($pair[0]) \(.hash)")' "$work/pairs" > "$work/next"
            [ "$(wc -l < "$work/next")" -lt "$(wc -l < "$work/level")" ] \
                || fail "a day stands twice or not at all in days.jsonl"
            mv -- "$work/next" "$work/level"
        done
        jq -r '"\(.day) \(.root)"' days.jsonl > "$work/roots"
        wrong=$(comm -13 "$work/level" "$work/roots" | cut -d ' ' -f 1 | head --lines=1)
        [ -z "$wrong" ] || fail "the root of $wrong is not that of its documents"

        # 5. Each day begins with the root of the day before, and counts its files.
        jq -es 'def time: "\(.day)T00:00:00Z" | fromdate; . as $d
            | all(range(1; length); $d[.].previousRoot == $d[. - 1].root
                and ($d[.] | time) - ($d[. - 1] | time) == 86400)' days.jsonl > "$work/null" || fail "the days do not follow one another"
        jq -rs 'map("\(.day) \(.files)")[]' days.jsonl > "$work/counted"
        jq -nr --slurpfile days days.jsonl '(reduce inputs as $leaf ({}; .[$leaf.day] += 1)) as $n
            | $days[] | "\(.day) \($n[.day] // 0)"' leaves.jsonl > "$work/there"
        same "$work/counted" "$work/there" || fail "a day has another number of files than days.jsonl says"

        jq -rs --arg count "$count" 'if length == 0 then "OK: no day, no file" else
            "OK: \($count) files of \(.[0].day) to \(.[-1].day)",
            "root before the first day: \(.[0].previousRoot)",
            "root of the last day:      \(.[-1].root)" end' days.jsonl

        """#
}
