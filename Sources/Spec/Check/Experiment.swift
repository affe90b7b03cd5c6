// A checked spec: what the engine plans from and the command line asks about.

internal import Stages

/// An experiment: a spec that was read and found right, as far as that can be known before data is seen.
public struct Experiment: Sendable {
    public let name: String
    public let description: String?
    /// Whether predictions are recorded.
    public let predictions: Bool
    /// What is odd, but no error.
    public let warnings: [SpecError]
    /// The spec with settings applied, as YAML that reads back to the same experiment.
    public let resolvedText: String
    /// The texts that places point into.
    public let sources: [Source]

    let sweep: Sweep
    let catalogue: Catalogue
    /// The spec at its first point.
    let first: Check

    /// The addresses that are swept, in order.
    public var sweptAddresses: [String] { sweep.axes.map(\.address) }

    /// The points of the sweep, made as they are asked for; exactly one when nothing is swept.
    public var points: Points { Points(sweep: sweep) }

    /// The number of combinations: an upper bound, as points that are equal once blanked are merged.
    public var pointCount: Int { sweep.count }

    /// The branch sets of the first point, by address.
    public var branchSets: [BranchSummary] { first.branchSets }

    /// The experiment at a point.
    public func resolve(_ point: Point) throws(SpecErrors) -> Resolved {
        let check = Check(sweep.tree(at: point.positions), catalogue: catalogue)
        guard let resolved = check.resolved else { throw check.errors.sorted(sources: sources) }
        return resolved
    }

    /// Where something is written: `target`, `mfcc`, `stages.mfcc.in`, `mfcc.n_mfcc`, `classifier.svm` …; for what is not
    /// written, the nearest thing around it.
    public func range(of address: String) -> SourceRange? {
        if let entry = first.outline.top.first(where: { $0.key == address }), address != "split" {
            return entry.value.range
        }
        let prefix = "stages."
        var full = address.hasPrefix(prefix) ? String(address.dropFirst(prefix.count)) : address
        // A stage is written once for all branches.
        if let open = full.firstIndex(of: "["), let close = full.lastIndex(of: "]"), open < close {
            full.removeSubrange(open...close)
        }
        if let form = first.outline.form(at: full) { return range(of: form) }
        if full.hasSuffix(".in"), let range = inputRange(String(full.dropLast(3))) { return range }
        let book = AddressBook(outline: first.outline, catalogue: catalogue)
        if let place = try? book.find(full) {
            if let value = first.tree.value(at: place.path[...]) { return value.range }
        }
        guard let dot = full.lastIndex(of: ".") else { return nil }
        return range(of: String(full[..<dot]))
    }

    /// What to throw when data shows something in the spec to be wrong.
    public func error(at address: String, _ message: String, advice: String? = nil) -> SpecErrors {
        let error = SpecError(range: range(of: address), address: address, message: message, advice: advice)
        return SpecErrors([error], sources: sources)
    }

    /// The `in` of a stage, or that of the form around it.
    private func inputRange(_ address: String) -> SourceRange? {
        guard let form = first.outline.form(at: address) else { return nil }
        if let input = form.input { return input.range }
        if let dot = address.lastIndex(of: "."), let range = inputRange(String(address[..<dot])) { return range }
        return range(of: form)
    }

    private func range(of form: StageForm) -> SourceRange {
        if case .use(let use) = form.body { use.type.range } else { form.keyRange }
    }
}
