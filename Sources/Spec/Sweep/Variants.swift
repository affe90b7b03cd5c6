// What is checked before anything runs: the first point, every swept value on its own, and every case, so that the error
// in the last value of a sweep is told at once and not at the end of the night.

internal import Stages
internal import Tensors

/// Checks a sweep as far as that can be done without going through all points.
struct Variants {
    let sweep: Sweep
    let book: AddressBook
    let catalogue: Catalogue
    private(set) var errors = ErrorList()
    private(set) var warnings = ErrorList()
    private var told = Set<String>()
    private var count = 0
    /// A sweep of more values than this is checked so far, and point by point as it runs.
    private static let most = 2000

    init(_ sweep: Sweep, book: AddressBook, catalogue: Catalogue) {
        self.sweep = sweep
        self.book = book
        self.catalogue = catalogue
    }

    /// Checks all; gives the first point.
    mutating func check() -> Check {
        let first = [Int](repeating: 0, count: sweep.axes.count)
        let base = Check(sweep.tree(at: first), catalogue: catalogue)
        errors.add(base.errors)
        warnings.add(base.warnings)
        if errors.isFull { return base }
        for error in base.errors.errors { told.formUnion(keys(error)) }
        for (axis, swept) in sweep.axes.enumerated() {
            warnIfNeverPicked(swept)
            for position in swept.values.indices where position > 0 || !swept.place.cases.isEmpty {
                var positions = first
                positions[axis] = position
                check(positions, picking: swept.place.cases)
            }
        }
        for form in book.outline.stages.flatMap(\.all) {
            guard case .cases(let forms, _) = form.body, let place = try? book.find(form.address) else { continue }
            for word in forms.map(\.word) { check(first, picking: place.cases + [(form, word)]) }
        }
        return base
    }

    private mutating func check(_ positions: [Int], picking cases: [(stage: StageForm, word: String)]) {
        if errors.isFull || count >= Self.most { return }
        count += 1
        var tree = sweep.tree(at: positions)
        for (stage, word) in cases {
            let path = stage.path + [.key("default")]
            // Where the case is swept, or written, is also where a complaint about it would belong.
            let range = tree.value(at: path[...])?.range ?? stage.keyRange
            tree = sweep.put(.text(word, range), at: path, into: tree)
        }
        // One mistake may be found in many variants, with other numbers in its sentence.
        var found = Set<String>()
        for error in Check(tree, catalogue: catalogue).errors.errors where told.isDisjoint(with: keys(error)) {
            errors.add(error)
            found.formUnion(keys(error))
        }
        told.formUnion(found)
    }

    /// Under which an error counts as told: its place with what it is about or what it says; what is missing from the
    /// whole spec is missed once.
    private func keys(_ error: SpecError) -> [String] {
        let range = error.range
        let place = "\(range?.file ?? ""):\(range?.start.line ?? 0):\(range?.start.column ?? 0):"
        let isWhole = ["target", "group", "split"].contains(error.address)
        return [place + "address:" + error.address, place + "message:" + error.message]
            + (isWhole ? ["whole:" + error.address] : [])
    }

    private mutating func warnIfNeverPicked(_ axis: GridAxis) {
        for (stage, word) in axis.place.cases {
            if let picks = sweep.axes.first(where: { $0.address == stage.address }) {
                if picks.values.contains(where: { $0.text == word }) { continue }
            } else if case .cases(_, let pick) = stage.body, pick == nil || pick?.text == word {
                continue
            } else if sweep.axes.contains(where: { $0.place.kind == .shared }) {
                continue
            }
            warnings.add(
                "\(axis.address) is swept, and \(stage.address) is never \(word)", at: axis.keyRange,
                address: "sweep.grid",
                advice: "sweep \(stage.address) too, or pick \(word)")
        }
    }
}
