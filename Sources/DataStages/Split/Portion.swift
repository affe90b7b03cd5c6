// Parts of a population: how many rows (or groups) a size stands for, and how many of them each class gives.

internal import Stages
internal import Tensors

extension Portion {
    /// How many of `total`; a share is rounded up, as in scikit-learn, but not for a last bit: 0.07 of 100 is 7. At
    /// least one must be taken and one be left.
    func count(of total: Int, _ noun: String, at name: String) throws(Problem) -> Int {
        let count = number(of: total)
        guard count >= 1, count < total else {
            throw Problem(
                "\(name) takes \(count) of \(total) \(noun); at least one must be taken and one be left", at: [name])
        }
        return count
    }

    /// How many of `total`, rounded in the same way; none and more than there are included.
    func number(of total: Int) -> Int {
        switch self {
        case .count(let number): number
        case .share(let share): Int((share * Double(total) - 1e-9).rounded(.up))
        }
    }
}

/// The classes to spread evenly: the distinct strata in order, and the rows of each.
struct Classes {
    let names: [Scalar]
    let rows: [[Int]]
    /// The class of each row.
    let positions: [Int]

    /// Nil where nothing is to be spread.
    init?(of population: Population, by stratify: Stratify) throws(Problem) {
        guard stratify != .no, let strata = population.strata else { return nil }
        if let lack = population.lack(of: strata, in: "the column to stratify by") {
            throw Problem(
                lack, at: ["stratify"], advice: "fill the column, or leave those rows out with samples.select")
        }
        let names = Set(strata).sorted()
        let position = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        positions = strata.map { position[$0] ?? 0 }
        var rows = [[Int]](repeating: [], count: names.count)
        for (row, position) in positions.enumerated() { rows[position].append(row) }
        (self.names, self.rows) = (names, rows)
    }

    /// Every class must have that many rows.
    func require(_ least: Int, _ reason: String, at path: [String]) throws(Problem) {
        guard let position = rows.firstIndex(where: { $0.count < least }) else { return }
        let count = rows[position].count
        throw Problem(
            "the class \(names[position]) has \(count) row\(count == 1 ? "" : "s"), fewer than \(reason)", at: path,
            advice: "set stratify: false, or leave the class out of the data")
    }
}

/// `draws` items divided over classes in proportion to their sizes: the whole parts first, then one each by the largest
/// remainder; between equal remainders, the earlier class.
func proportional(_ sizes: [Int], draws: Int) -> [Int] {
    let total = sizes.reduce(0, +)
    guard total > 0 else { return sizes }
    // In integers, so that equal shares have equal remainders.
    var taken = sizes.map { $0 * draws / total }
    let remainders = sizes.map { $0 * draws % total }
    let order = sizes.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    for position in order.prefix(draws - taken.reduce(0, +)) { taken[position] += 1 }
    return taken
}
