// A sweep as a whole: its blocks over the tree of the spec, and what each address has at a combination. An address has
// what it is given there; where it is given nothing, because another block sweeps it, what the spec says or its default;
// and it is blank where it lies in a case that is not picked.

internal import Stages
internal import Tensors

/// A spec's tree and what is swept in it.
struct Sweep: Sendable {
    /// An address that has a cell at each point.
    struct Column: Sendable {
        let place: Place
        /// The columns that pick the cases that it lies in.
        let picks: [(column: Int, word: String)]
        /// What it has where it is given nothing; nil where that depends on what else is swept.
        let fixed: Cell?
    }

    /// The spec without `sweep`, before parameters are put in.
    let root: Located
    /// At least one.
    let blocks: [Block]
    let condition: Condition?
    /// The swept addresses in the order in which they are first named.
    let addresses: [SweptAddress]
    /// Those of `addresses`, then what else picks cases or stands in the condition.
    let columns: [Column]
    private let columnByAddress: [String: Int]
    /// For each block and column, where it is given: factor, and address of that factor.
    private let slots: [[(factor: Int, address: Int)?]]
    /// For each block and factor, the columns of its addresses.
    let factorColumns: [[[Int]]]

    init(root: Located, blocks: [Block], condition: Condition? = nil, book: AddressBook) {
        self.root = root
        self.blocks = blocks
        self.condition = condition
        var addresses = [SweptAddress]()
        var names = Set<String>()
        for address in blocks.flatMap(\.addresses) where names.insert(address.address).inserted {
            addresses.append(address)
        }
        self.addresses = addresses
        var maker = ColumnMaker(root: root, swept: addresses.map(\.place), book: book)
        for place in addresses.map(\.place) + (condition?.places ?? []) { maker.reserve(place) }
        maker.complete()
        let columnByAddress = maker.indexes
        columns = maker.columns
        self.columnByAddress = columnByAddress
        factorColumns = blocks.map { block in
            block.factors.map { factor in factor.addresses.compactMap { columnByAddress[$0.address] } }
        }
        var slots = [[(factor: Int, address: Int)?]]()
        for block in factorColumns {
            var row = [(factor: Int, address: Int)?](repeating: nil, count: maker.columns.count)
            for (factor, columns) in block.enumerated() {
                for (address, column) in columns.enumerated() { row[column] = (factor, address) }
            }
            slots.append(row)
        }
        self.slots = slots
    }

    /// The number of combinations: an upper bound on the number of points.
    var count: Int { blocks.combinations }

    var first: Combination? {
        blocks.first.map { Combination(block: 0, positions: $0.factors.map { _ in 0 }) }
    }

    /// The next combination: the last factor is the fastest, and a block follows when one is through.
    func following(_ current: Combination) -> Combination? {
        var next = current
        let factors = blocks[current.block].factors
        for factor in factors.indices.reversed() {
            next.positions[factor] += 1
            if next.positions[factor] < factors[factor].count { return next }
            next.positions[factor] = 0
        }
        let block = current.block + 1
        return block < blocks.count ? Combination(block: block, positions: blocks[block].factors.map { _ in 0 }) : nil
    }

    // MARK: Cells

    /// What each column has; nil is a blank.
    func cells(at combination: Combination) -> [Cell?] {
        var tree: Located?
        var cells = [Cell]()
        cells.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            if let cell = given(index, at: combination)?.cell ?? column.fixed {
                cells.append(cell)
            } else {
                let here = tree ?? Self.filled(self.tree(at: combination))
                tree = here
                cells.append(ColumnMaker.cell(of: column.place, in: here))
            }
        }
        return columns.enumerated().map { index, column in
            column.picks.allSatisfy { cells[$0.column].normal == .text($0.word) } ? cells[index] : nil
        }
    }

    private func given(_ column: Int, at combination: Combination) -> SweptValue? {
        guard let slot = slots[combination.block][column] else { return nil }
        return blocks[combination.block].factors[slot.factor].value(
            slot.address, at: combination.positions[slot.factor])
    }

    /// Whether the condition holds.
    func holds(_ cells: [Cell?]) throws(SpecError) -> Bool {
        guard let condition else { return true }
        do throws(Mistake) {
            return try condition.holds { address in columnByAddress[address].flatMap { cells[$0] } }
        } catch { throw condition.text.error(error, at: phrase(cells)) }
    }

    /// A point in words: `the point seed=1, mfcc.n_mfcc=2`.
    private func phrase(_ cells: [Cell?]) -> String {
        if addresses.isEmpty { return "" }
        let values = zip(addresses, cells).compactMap { address, cell in
            cell?.text.map { address.address + "=" + $0 }
        }
        return "the point " + values.joined(separator: ", ")
    }

    // MARK: Trees

    /// The spec at a combination, parameters of the spec first.
    func tree(at combination: Combination) -> Located {
        var tree = root
        let factors = zip(blocks[combination.block].factors, combination.positions)
        for isShared in [true, false] {
            for (factor, position) in factors {
                for (column, address) in factor.addresses.enumerated()
                where (address.place.kind == .shared) == isShared {
                    guard let value = factor.value(column, at: position) else { continue }
                    tree = put(value.value, at: address.place.path, into: tree)
                }
            }
        }
        return tree
    }

    /// A tree with a value put in, through `${…}` where that stands on the way.
    func put(_ value: Located, at path: [TreeStep], into tree: Located) -> Located {
        let substitution = Substitution(tree["params"]?.entries ?? [])
        return tree.replacing(path[...], with: value, open: substitution.open)
    }

    /// With parameters put in.
    fileprivate static func filled(_ tree: Located) -> Located {
        var substitution = Substitution(tree["params"]?.entries ?? [])
        return substitution.apply(toRoot: tree)
    }
}

/// Makes the columns of a sweep.
private struct ColumnMaker {
    private let root: Located
    private let filled: Located
    private let swept: [Place]
    private let book: AddressBook
    private var places = [Place]()
    private(set) var indexes = [String: Int]()
    private(set) var columns = [Sweep.Column]()

    init(root: Located, swept: [Place], book: AddressBook) {
        self.root = root
        filled = Sweep.filled(root)
        self.swept = swept
        self.book = book
    }

    mutating func reserve(_ place: Place) {
        if indexes[place.address] != nil { return }
        indexes[place.address] = places.count
        places.append(place)
    }

    /// Adds what picks cases, and makes all columns.
    mutating func complete() {
        var next = 0
        while next < places.count {
            for (stage, _) in places[next].cases {
                if let place = try? book.find(stage.address) { reserve(place) }
            }
            next += 1
        }
        columns = places.map { place in
            Sweep.Column(
                place: place,
                picks: place.cases.compactMap { stage, word in indexes[stage.address].map { ($0, word) } },
                fixed: isFixed(place) ? Self.cell(of: place, in: filled) : nil)
        }
    }

    static func cell(of place: Place, in tree: Located) -> Cell {
        tree.value(at: place.path[...]).map { Cell($0, of: place) }
            ?? Cell(fallback: place.fallback, of: place, at: tree.range)
    }

    /// Whether nothing that is swept reaches what the spec says of it.
    private func isFixed(_ place: Place) -> Bool {
        if swept.contains(where: { $0.path != place.path && $0.path.overlaps(place.path) }) { return false }
        if !swept.contains(where: { $0.kind == .shared }) { return true }
        var value = root
        for step in place.path {
            // A parameter that stands for the whole of it.
            if value.isScalar { return Substitution.names(in: value).isEmpty }
            guard let next = value.value(at: [step]) else { return true }
            value = next
        }
        return Substitution.names(in: value).isEmpty
    }
}
