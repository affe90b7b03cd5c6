// What a form says of how its uses run, beside what they are: `only`, and the limits, which are no part of any identity.
// On a chain, a branch set or cases it holds for each use inside; what is said further inside wins.

internal import Stages
internal import Tensors

/// The options of a form.
struct StageOptions: Sendable {
    /// Where `only: train` is written.
    var only: SourceRange?
    var keep: Limits.Keep?
    /// In seconds, and where it is written.
    var timeout: (value: Double, range: SourceRange)?
    /// In bytes.
    var memory: (value: Double, range: SourceRange)?
    var threads: Int?

    /// These, and where they say nothing those of the form around.
    func inside(_ outer: StageOptions) -> StageOptions {
        StageOptions(
            only: only ?? outer.only, keep: keep ?? outer.keep, timeout: timeout ?? outer.timeout,
            memory: memory ?? outer.memory, threads: threads ?? outer.threads)
    }

    /// What they come to for a stage. Time and memory are those of a sample, so only what works sample by sample has them.
    func limits(of kind: Kind) -> Limits {
        var limits = Limits()
        limits.keep = keep ?? .auto
        limits.threads = threads
        if Self.isSampleBySample(kind) {
            limits.timeout = timeout?.value
            limits.memory = memory.map { Int($0.value.rounded(.up)) }
        }
        return limits
    }

    static func isSampleBySample(_ kind: Kind) -> Bool { kind == .map || kind == .composite }
}

extension FormReader {
    static let optionKeys = ["only", "keep", "timeout", "memory", "threads"]

    mutating func options(_ value: Located, address: String) -> StageOptions {
        var options = StageOptions()
        if let only = value["only"] {
            if only.text == "train" {
                options.only = only.range
            } else {
                wrong(only, "train, the rows that the stage is for", address + ".only")
            }
        }
        if let keep = value["keep"] {
            options.keep = keep.text.flatMap(Limits.Keep.init)
            if options.keep == nil {
                let names = Limits.Keep.allCases.map(\.rawValue)
                errors.add(
                    "expected one of auto, always, never, got \(keep.canonical.phrase)", at: keep.range,
                    address: address + ".keep",
                    advice: keep.text.flatMap { errors.suggestion(for: $0, among: names) }.map { "did you mean \($0)?" }
                )
            }
        }
        options.timeout = quantity(value["timeout"], .time, address + ".timeout")
        options.memory = quantity(value["memory"], .memory, address + ".memory")
        if let threads = value["threads"] {
            do throws(Problem) {
                options.threads = try ParameterKind.int(.between(1, 1024)).convert(threads.canonical).intValue
            } catch {
                errors.add(error.message, at: threads.range, address: address + ".threads")
            }
        }
        return options
    }

    private mutating func quantity(_ value: Located?, _ quantity: Quantity, _ address: String)
        -> (value: Double, range: SourceRange)?
    {
        guard let value else { return nil }
        do throws(Quantity.Misreading) { return (try quantity.read(value), value.range) } catch {
            errors.add(
                "expected \(error.expected), got \(value.canonical.phrase)", at: value.range, address: address,
                advice: error.advice)
            return nil
        }
    }
}
