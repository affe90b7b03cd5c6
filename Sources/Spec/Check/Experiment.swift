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
    /// The texts that places point into: the spec, what it includes in the order of reading, settings.
    public let sources: [Source]

    let sweep: Sweep
    let catalogue: Catalogue
    /// The spec at its first point.
    let first: Check
    /// The point that is looked at.
    private(set) var focus: Point?

    /// The addresses that are swept, in the order in which they are first named.
    public var sweptAddresses: [String] { sweep.addresses.map(\.address) }

    /// The points of the sweep, made as they are asked for; exactly one when nothing is swept.
    public var points: Points { Points(sweep: sweep) }

    /// The number of combinations: an upper bound, as equal points are merged and `where` leaves some out.
    public var pointCount: Int { sweep.count }

    /// The branch sets of the first point, by address.
    public var branchSets: [BranchSummary] { first.branchSets }

    /// The experiment at a point.
    public func resolve(_ point: Point) throws(SpecErrors) -> Resolved {
        // What could not be told of the condition when the spec was read is told now.
        if sweep.condition != nil {
            do throws(SpecError) { _ = try sweep.holds(sweep.cells(at: point.combination)) } catch {
                throw SpecErrors([error], sources: sources)
            }
        }
        let check = check(at: point)
        guard let resolved = check.resolved else { throw check.errors.sorted(sources: sources) }
        return resolved
    }

    /// Where something is written: `target`, `mfcc`, `stages.mfcc.in`, `mfcc.n_mfcc`, `classifier.svm` …; for what is not
    /// written, the nearest thing around it.
    public func range(of address: String) -> SourceRange? {
        range(of: address, in: focus.map(check) ?? first)
    }

    /// What to throw when data shows something in the spec to be wrong.
    public func error(at address: String, _ message: String, advice: String? = nil) -> SpecErrors {
        let error = SpecError(range: range(of: address), address: address, message: message, advice: advice)
        return SpecErrors([error], sources: sources)
    }

    /// The same experiment, looked at at a point: a swept value is then where that point's value is written.
    public func at(_ point: Point) -> Experiment {
        var result = self
        result.focus = point
        return result
    }

    private func check(at point: Point) -> Check {
        Check(sweep.tree(at: point.combination), catalogue: catalogue)
    }

    private func range(of address: String, in check: Check) -> SourceRange? {
        if let entry = check.outline.top.first(where: { $0.key == address }), address != "split" {
            return entry.value.range
        }
        let prefix = "stages."
        var full = address.hasPrefix(prefix) ? String(address.dropFirst(prefix.count)) : address
        // A stage is written once for all branches.
        if let open = full.firstIndex(of: "["), let close = full.lastIndex(of: "]"), open < close {
            full.removeSubrange(open...close)
        }
        if let form = check.outline.form(at: full) { return range(of: form) }
        if full.hasSuffix(".in"), let range = inputRange(String(full.dropLast(3)), check.outline) { return range }
        let book = AddressBook(outline: check.outline, catalogue: catalogue)
        if let place = try? book.find(full) {
            if let value = check.tree.value(at: place.path[...]) { return value.range }
        }
        guard let dot = full.lastIndex(of: ".") else { return nil }
        return range(of: String(full[..<dot]), in: check)
    }

    /// The `in` of a stage, or that of the form around it.
    private func inputRange(_ address: String, _ outline: Outline) -> SourceRange? {
        guard let form = outline.form(at: address) else { return nil }
        if let input = form.input { return input.range }
        if let dot = address.lastIndex(of: "."), let range = inputRange(String(address[..<dot]), outline) {
            return range
        }
        return range(of: form)
    }

    private func range(of form: StageForm) -> SourceRange {
        if case .use(let use) = form.body { use.type.range } else { form.keyRange }
    }
}
