// `sweep`: a block, or a list of blocks that are united. In a block `grid`, `zip`, `points` and `random` multiply, in the
// order in which they are written. `where` is one for the whole sweep: it stands in the only block, or, in a list, as an
// entry of its own.

internal import Stages
internal import Tensors

/// Reads `sweep`.
struct SweepReader {
    private let book: AddressBook
    private(set) var substitution: Substitution
    private(set) var errors = ErrorList()
    private(set) var warnings = ErrorList()
    /// What is written of random blocks.
    private var drawn = [Located.Entry]()
    private(set) var condition: Condition?
    /// Whether there is a `where`, right or wrong.
    private(set) var hasCondition = false

    static let forms = ["grid", "zip", "points", "random"]
    private static let mostAddresses = 100
    private static let mostBlocks = 100
    /// More draws than this are more than a sweep by chance is for, and their duplicates are kept track of.
    private static let mostDraws = 100_000
    /// A sweep of more cannot be meant: it would not end. Points are not held, but each is gone through, plans and records
    /// hold a row for each, and what is looked for among them is better drawn.
    private static let mostCombinations = 1_000_000
    private static let fixed = ["name", "description", "predictions", "repeats"]

    init(book: AddressBook, substitution: Substitution) {
        self.book = book
        self.substitution = substitution
    }

    /// The blocks: one without factors when nothing is swept.
    mutating func read(_ entry: Located.Entry?) -> [Block] {
        guard let entry, case let sweep = entry.value, !sweep.isNull else { return [Block(factors: [])] }
        var written = [(entries: [Located.Entry], range: SourceRange)]()
        var wheres = [Located.Entry]()
        let elements = sweep.elements ?? [sweep]
        let blocks = elements.filter { !Self.isWhere($0) }
        for element in elements {
            guard let entries = element.entries else {
                errors.add(
                    "expected a map with grid, zip, points or random, got \(element.canonical.phrase)",
                    at: element.range, address: "sweep")
                continue
            }
            for entry in entries where entry.key == "where" {
                if blocks.count > 1, entries.count > 1 {
                    errors.add(
                        "where is for the whole sweep, and this is one block of \(blocks.count)", at: entry.keyRange,
                        address: "sweep", advice: "write it as an entry of its own: - where: …")
                } else if wheres.isEmpty {
                    hasCondition = true
                    wheres.append(entry)
                } else {
                    errors.add(
                        "a sweep has one where", at: entry.keyRange, address: "sweep", advice: "join them with and")
                }
            }
            if !Self.isWhere(element) || sweep.elements == nil {
                written.append((entries.filter { $0.key != "where" }, element.range))
            }
        }
        if blocks.isEmpty, sweep.elements != nil {
            errors.add("expected at least one block", at: sweep.range, address: "sweep", advice: "add - grid: {…}")
        }
        if written.count > Self.mostBlocks {
            errors.add("expected at most \(Self.mostBlocks) blocks", at: sweep.range, address: "sweep")
            return []
        }
        let result = written.map { block($0.entries) }
        let count = result.combinations
        if count > Self.mostCombinations {
            errors.add(
                "expected a sweep of at most \(Self.mostCombinations) combinations, got "
                    + (count == Int.max ? "more than can be counted" : "\(count)"), at: entry.keyRange,
                address: "sweep",
                advice:
                    "sweep fewer values, draw them (random: {n: …}), or give what a case needs a block of its own: - grid: {…}"
            )
        }
        refuseSweptParameters(result, wheres.first?.value)
        if let entry = wheres.first { readCondition(entry.value) }
        return result
    }

    /// Whether an entry of a list is `where` and nothing else.
    static func isWhere(_ element: Located) -> Bool {
        element.entries.map { !$0.isEmpty && $0.allSatisfy { $0.key == "where" } } ?? false
    }

    private mutating func block(_ entries: [Located.Entry]) -> Block {
        var factors = [Factor]()
        for entry in entries {
            if entry.value.isNull, entry.key != "points" { continue }
            let read: [Factor]
            switch entry.key {
            case "grid": read = grid(entry.value)
            case "zip": read = zip(entry.value)
            case "points": read = points(entry.value)
            case "random": read = random(entry)
            default:
                errors.add(
                    "a sweep has no key \(entry.key); it has \((Self.forms + ["where"]).joined(separator: ", "))",
                    at: entry.keyRange, address: "sweep",
                    advice: nearest(to: entry.key, among: Self.forms + ["where"]).map { "did you mean \($0)?" })
                continue
            }
            for factor in read {
                let isApart = factor.addresses.allSatisfy { address in
                    !factors.flatMap(\.addresses).contains { refuse(address, beside: $0, in: entry.key) }
                }
                if isApart { factors.append(factor) }
            }
        }
        return Block(factors: factors)
    }

    // MARK: Forms

    private mutating func grid(_ value: Located) -> [Factor] {
        columns(value, in: "grid").map { swept, values, _ in
            factor([swept], values.map { [$0] })
        }
    }

    private mutating func zip(_ value: Located) -> [Factor] {
        let columns = columns(value, in: "zip")
        guard let first = columns.first else { return [] }
        for column in columns.dropFirst() where column.values.count != first.values.count {
            errors.add(
                "expected as many values as \(first.swept.address) has, \(first.values.count), got \(column.values.count)",
                at: column.range, address: column.swept.address, advice: "the lists of a zip go in step")
            return []
        }
        let rows = first.values.indices.map { row in columns.map { Optional($0.values[row]) } }
        return [factor(apart(columns.map(\.swept), in: "zip"), rows)]
    }

    private mutating func points(_ value: Located) -> [Factor] {
        guard let elements = value.elements, !elements.isEmpty else {
            errors.add(
                "expected a list of maps of addresses to values, got \(value.canonical.phrase)", at: value.range,
                address: "sweep.points", advice: "a point of the list is {address: value, …}")
            return []
        }
        var addresses = [SweptAddress]()
        var columns = [String: Int]()
        var given = [[Int: SweptValue]]()
        for element in elements {
            guard let entries = element.entries else {
                errors.add(
                    "expected a map of addresses to values, got \(element.canonical.phrase)", at: element.range,
                    address: "sweep.points")
                continue
            }
            var row = [Int: SweptValue]()
            for entry in entries {
                if addresses.count > Self.mostAddresses { break }
                if columns[entry.key] == nil {
                    guard let swept = address(entry, in: "points") else { continue }
                    columns[entry.key] = addresses.count
                    addresses.append(swept)
                }
                guard let column = columns[entry.key] else { continue }
                row[column] = self.value(entry.value, of: addresses[column].place)
            }
            given.append(row)
        }
        guard isFew(addresses.count, value, "points") else { return [] }
        let rows = given.map { row in addresses.indices.map { row[$0] } }
        return rows.isEmpty ? [] : [factor(apart(addresses, in: "points"), rows)]
    }

    private mutating func random(_ entry: Located.Entry) -> [Factor] {
        guard let entries = entry.value.entries else {
            errors.add(
                "expected a map with n, seed, and addresses with what they are drawn from, got \(entry.value.canonical.phrase)",
                at: entry.value.range, address: "sweep.random")
            return []
        }
        var reader = DrawReader(substitution: substitution)
        let drawn = entries.filter { !["n", "seed"].contains($0.key) }
        self.drawn += entries
        var addresses = [SweptAddress]()
        var variables = [Variable]()
        for entry in drawn.prefix(Self.mostAddresses + 1) {
            guard let swept = address(entry, in: "random") else { continue }
            guard let variable = reader.variable(entry.value, of: swept.place) else { continue }
            addresses.append(swept)
            variables.append(variable)
        }
        if drawn.isEmpty {
            errors.add(
                "nothing is drawn", at: entry.keyRange, address: "sweep.random",
                advice: "add an address with uniform, log_uniform, int or choice")
        }
        let count = reader.int(entry.value["n"], .between(1, Double(Self.mostDraws)), "sweep.random.n")
        if entry.value["n"] == nil {
            errors.add(
                "n is missing: how many points are drawn", at: entry.keyRange, address: "sweep.random",
                advice: "add n: an int of at least 1")
        }
        let seed = reader.int(
            entry.value["seed"], .any, "sweep.random.seed",
            advice: "this seed is that of the draws; to sweep the seed of the spec, list it in a grid")
        errors.add(reader.errors)
        guard isFew(drawn.count, entry.value, "random"), let count, !addresses.isEmpty else { return [] }
        let distinct = apart(addresses, in: "random")
        guard distinct.count == variables.count else { return [] }
        return [Factor(distinct, .drawn(Draws(count: count, seed: seed ?? 0, variables: variables)))]
    }

    // MARK: Addresses and values

    /// Addresses with a list of values each.
    private mutating func columns(
        _ value: Located, in form: String
    ) -> [(swept: SweptAddress, values: [SweptValue], range: SourceRange)] {
        guard let entries = value.entries else {
            errors.add(
                "expected a map of addresses to values, got \(value.canonical.phrase)", at: value.range,
                address: "sweep.\(form)")
            return []
        }
        guard isFew(entries.count, value, form) else { return [] }
        return entries.compactMap { entry in
            guard let swept = address(entry, in: form) else { return nil }
            let given = Self.listed(entry.value)
            if given.isEmpty {
                errors.add(
                    "expected a list of values, or a map of labels to values, got \(entry.value.canonical.phrase)",
                    at: entry.value.range, address: entry.key)
                return nil
            }
            return (swept, given.map { self.value($0.value, of: swept.place, label: $0.label) }, entry.value.range)
        }
    }

    /// The values of a list, or of a map of labels to values.
    static func listed(_ value: Located) -> [(label: String?, value: Located)] {
        switch value.node {
        case .sequence(let elements): elements.map { (nil, $0) }
        case .mapping(let entries): entries.map { ($0.key, $0.value) }
        case .scalar: []
        }
    }

    private mutating func address(_ entry: Located.Entry, in form: String) -> SweptAddress? {
        let place: Place
        do throws(Misaddress) { place = try book.find(entry.key) } catch {
            if !error.isConsequence {
                errors.add(error.message, at: entry.keyRange, address: "sweep.\(form)", advice: error.advice)
            }
            return nil
        }
        if place.kind == .top, Self.fixed.contains(entry.key) {
            errors.add("\(entry.key) cannot be swept", at: entry.keyRange, address: "sweep.\(form)")
            return nil
        }
        return SweptAddress(address: entry.key, keyRange: entry.keyRange, place: place)
    }

    private mutating func value(_ value: Located, of place: Place, label: String? = nil) -> SweptValue {
        SweptValue(value: value, cell: Cell(substitution.apply(to: value), of: place, label: label))
    }

    /// A factor without rows that are there already.
    private mutating func factor(_ addresses: [SweptAddress], _ rows: [[SweptValue?]]) -> Factor {
        var seen = Set<[Canonical?]>()
        var distinct = [[SweptValue?]]()
        for row in rows {
            if seen.insert(row.map { $0?.cell.normal }).inserted {
                distinct.append(row)
            } else {
                let place = row.lazy.compactMap { $0?.value.range }.first
                warnings.add(
                    addresses.count == 1 ? "this value is listed twice" : "this point is listed twice",
                    at: place ?? addresses.first?.keyRange, address: addresses.first?.address ?? "sweep",
                    advice: "it runs once")
            }
        }
        return Factor(addresses, .listed(distinct))
    }

    private mutating func isFew(_ count: Int, _ value: Located, _ form: String) -> Bool {
        if count <= Self.mostAddresses { return true }
        errors.add("expected at most \(Self.mostAddresses) addresses", at: value.range, address: "sweep.\(form)")
        return false
    }

    // MARK: What cannot stand together

    /// Those that lie outside of each other.
    private mutating func apart(_ addresses: [SweptAddress], in form: String) -> [SweptAddress] {
        var result = [SweptAddress]()
        for address in addresses where !result.contains(where: { refuse(address, beside: $0, in: form) }) {
            result.append(address)
        }
        return result
    }

    /// Tells of two addresses of one block that name one value.
    private mutating func refuse(_ one: SweptAddress, beside other: SweptAddress, in form: String) -> Bool {
        guard one.place.path.overlaps(other.place.path) else { return false }
        errors.add(
            one.address == other.address
                ? "\(one.address) is swept already in this block"
                : "\(one.address) and \(other.address) name the same value, or one lies in the other",
            at: one.keyRange, address: "sweep.\(form)", advice: one.address == other.address ? "keep one of them" : nil)
        return true
    }

    private mutating func refuseSweptParameters(_ blocks: [Block], _ condition: Located?) {
        let addresses = blocks.flatMap(\.addresses)
        let swept = Set(
            addresses.compactMap { address -> String? in
                if address.place.kind == .shared, case .key(let name)? = address.place.path.dropFirst().first {
                    return name
                }
                return nil
            })
        if swept.isEmpty { return }
        if let condition, let name = Substitution.names(in: condition).intersection(swept).min(by: precedes) {
            errors.add(
                "where cannot use ${\(name)}, which is swept", at: condition.range, address: "sweep.where",
                advice: "write params.\(name)")
        }
        func refuse(_ value: Located, _ address: String) {
            for name in Substitution.names(in: value).intersection(swept).sorted(by: precedes) {
                errors.add(
                    "a swept value cannot use params.\(name), which is swept itself", at: value.range, address: address)
            }
        }
        for entry in drawn { refuse(entry.value, entry.key) }
        for factor in blocks.flatMap(\.factors) {
            guard case .listed(let rows) = factor.rows else { continue }
            for (column, address) in factor.addresses.enumerated() {
                for value in rows.compactMap({ $0[column]?.value }) { refuse(value, address.address) }
            }
        }
    }

    private mutating func readCondition(_ value: Located) {
        guard let text = value.text, let full = substitution.apply(to: value).text else {
            errors.add(
                "expected a condition, as \"mfcc.n_mfcc <= 20\", got \(value.canonical.phrase)", at: value.range,
                address: "sweep.where")
            return
        }
        do throws(SpecErrors) {
            condition = try Condition(full, written: text, at: value.range, in: book)
        } catch {
            for error in error.errors { errors.add(error) }
        }
    }
}

extension [TreeStep] {
    /// Whether one of two ways leads through the other's end.
    func overlaps(_ other: [TreeStep]) -> Bool { starts(with: other) || other.starts(with: self) }
}
