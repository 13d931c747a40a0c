/// From a program's exec to its readiness page's first 200, beside an installation that runs.
struct Starts: Sendable {
    private static let barMs = 300.0
    let place: Place
    let count: Int

    func run() async throws -> [Report.Line] {
        var lines: [Report.Line] = []
        for program in Place.programs {
            var (times, used) = ([Double](), [Double]())
            for _ in 0..<count {
                let started = try Program(another: program, of: place)
                do {
                    times.append(try await started.ready() / .milliseconds(1))
                    used.append(Processors.used(by: started.pid) * 1000)
                } catch {
                    try await started.stop()
                    throw error
                }
                try await started.stop()
            }
            Console.say("CPU until ready, \(program): \(Int(median(used))) ms")
            lines.append(
                Report.Line(
                    what: "start to ready: \(program)", value: median(times), unit: "ms", spread: times,
                    reference: "at most", referenceValue: Self.barMs, bar: .atMost(1)))
        }
        return lines
    }
}
