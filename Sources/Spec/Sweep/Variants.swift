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
    /// A condition is tried on this many combinations, and on others as it runs.
    private static let mostCombinations = 100_000
    /// With a condition, this many rows of each factor are checked.
    private static let mostRows = 200

    init(_ sweep: Sweep, book: AddressBook, catalogue: Catalogue) {
        self.sweep = sweep
        self.book = book
        self.catalogue = catalogue
    }

    /// Checks all; gives the first point.
    mutating func check() -> Check {
        let first = firstTree
        let base = Check(first, catalogue: catalogue)
        errors.add(base.errors)
        warnings.add(base.warnings)
        if errors.isFull { return base }
        for error in base.errors.errors { told.formUnion(keys(error)) }
        for block in sweep.blocks.indices {
            for factor in sweep.blocks[block].factors {
                for address in factor.addresses { warnIfNeverPicked(address) }
            }
            if sweep.condition == nil { checkRows(ofBlock: block) }
        }
        if sweep.condition != nil { checkPoints() }
        for form in book.outline.stages.flatMap(\.all) {
            guard case .cases(let forms, _) = form.body, let place = try? book.find(form.address) else { continue }
            for word in forms.map(\.word) { check(first, picking: place.cases + [(form, word)]) }
        }
        return base
    }

    /// The spec at its first point; at its first combination where a condition lets none through.
    private var firstTree: Located {
        var limit = Self.mostCombinations
        var points = Points(sweep: sweep).makeIterator()
        let first = points.next(within: &limit)?.combination ?? sweep.first
        return first.map { sweep.tree(at: $0) } ?? sweep.root
    }

    // MARK: What is checked

    /// Each row of each factor, beside the first rows of the others.
    private mutating func checkRows(ofBlock block: Int) {
        let factors = sweep.blocks[block].factors
        let first = Combination(block: block, positions: factors.map { _ in 0 })
        if block > 0 { check(sweep.tree(at: first)) }
        for (factor, columns) in sweep.factorColumns[block].enumerated() {
            var limit = factors[factor].count
            if case .drawn(let draws) = factors[factor].rows {
                limit = 1
                for variable in draws.variables { checkValues(of: variable, at: first) }
            }
            for position in 0..<limit {
                if errors.isFull || count >= Self.most { return }
                var combination = first
                combination.positions[factor] = position
                let tree = sweep.tree(at: combination)
                if position > 0 { check(tree) }
                let cells = sweep.cells(at: combination)
                for (address, column) in zip(factors[factor].addresses, columns) where cells[column] == nil {
                    check(tree, picking: address.place.cases)
                }
            }
        }
    }

    /// What may be drawn: the ends of a range, or each choice.
    private mutating func checkValues(of variable: Variable, at first: Combination) {
        var values = variable.ends
        if case .choice(let choices) = variable.distribution { values = choices.map(\.value) }
        let tree = sweep.tree(at: first)
        for value in values {
            check(sweep.put(value, at: variable.place.path, into: tree), picking: variable.place.cases)
        }
    }

    /// The first points at which each row appears, among those that a condition lets through; the condition itself on the
    /// way.
    private mutating func checkPoints() {
        var limit = Self.mostCombinations
        var points = Points(sweep: sweep).makeIterator()
        var seen = Set<[Int]>()
        var isEmpty = true
        while let point = points.next(within: &limit) {
            do throws(SpecError) { _ = try sweep.holds(sweep.cells(at: point.combination)) } catch {
                errors.add(error)
                return
            }
            var isNew = false
            for (factor, position) in point.combination.positions.enumerated() {
                if position >= Self.mostRows { continue }
                if seen.insert([point.combination.block, factor, position]).inserted { isNew = true }
            }
            if isNew && !isEmpty { check(sweep.tree(at: point.combination)) }
            isEmpty = false
        }
        if isEmpty, points.isAtEnd, let condition = sweep.condition {
            errors.add(
                "no point of the sweep is left: nothing is to run", at: condition.text.range, address: "sweep.where",
                advice: "loosen the condition")
        }
    }

    // MARK: One variant

    private mutating func check(_ variant: Located, picking cases: [(stage: StageForm, word: String)] = []) {
        if errors.isFull || count >= Self.most { return }
        count += 1
        var tree = variant
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

    private mutating func warnIfNeverPicked(_ address: SweptAddress) {
        for (stage, word) in address.place.cases {
            if canBePicked(word, stage) { continue }
            warnings.add(
                "\(address.address) is swept, and \(stage.address) is never \(word)", at: address.keyRange,
                address: "sweep", advice: "sweep \(stage.address) too, or pick \(word)")
        }
    }

    private func canBePicked(_ word: String, _ stage: StageForm) -> Bool {
        // A parameter of the spec may pick it.
        if sweep.addresses.contains(where: { $0.place.kind == .shared }) { return true }
        var isDefault = true
        if case .cases(_, let pick?) = stage.body { isDefault = pick.text == word }
        return sweep.blocks.contains { block in
            for factor in block.factors {
                guard let column = factor.addresses.firstIndex(where: { $0.address == stage.address }) else { continue }
                guard let values = factor.values(column) else { return true }
                return values.contains { $0.map { $0.cell.normal == .text(word) } ?? isDefault }
            }
            return isDefault
        }
    }
}
