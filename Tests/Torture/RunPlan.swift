/// What is the same throughout a run.
struct RunPlan: Sendable {
    let options: Options
    let seed: Seed
    /// Begins every key and external id of the run.
    let name: String

    init(_ options: Options) {
        self.options = options
        seed = Seed(options.seed)
        name = "t\(options.seed)"
    }

    /// How long a fault lasts: less when the whole run has two minutes.
    func lasting(short: ClosedRange<Double>, long: ClosedRange<Double>) -> ClosedRange<Double> {
        options.isShort ? short : long
    }
}
