// What `evaluate.compare` compares: classifiers, each with its folds, and pairs of them over the folds that both have.

internal import Stages
internal import Tensors

/// A point of a sweep, or one of several stages in it.
struct Contestant {
    /// Where a fold stands in the split.
    struct Place: Hashable, Comparable {
        let repetition: Int
        let number: Int
        let heldOut: String

        static func < (a: Place, b: Place) -> Bool { (a.repetition, a.number) < (b.repetition, b.number) }
    }

    struct Fold {
        let place: Place
        let training: Int
        let rows: ReportRows
    }

    var name: String
    var folds: [Place: Fold] = [:]

    /// The mean of test rows / training rows.
    var testShare: Double { share(folds.values.sorted { $0.place < $1.place }) }

    /// In the order of their names.
    static func all(of parts: [PooledRows]) throws(Failure) -> [Contestant] {
        var values = [String: Set<String?>]()
        for part in parts { for (address, text) in part.values { values[address, default: []].insert(text) } }
        let varying = Set(values.filter { $0.value.count > 1 }.keys)
        let hasSeveralInputs = Set(parts.map(\.input)).count > 1

        // One contestant is what was computed once, though it may stand at several points that do not concern it.
        var (order, groups) = ([[String]](), [[String]: [PooledRows]]())
        var origins = [String: [String]]()
        for part in parts { origins["\(part.point) \(part.input)", default: []].append(String(part.origin)) }
        for part in parts {
            let key = [part.input] + (origins["\(part.point) \(part.input)"] ?? [])
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(part)
        }
        var all = [Contestant]()
        for key in order {
            guard let own = groups[key], let first = own.first else { continue }
            let texts = first.values.filter { address, text in
                varying.contains(address) && text != nil
                    && own.allSatisfy { part in part.values.contains { $0.address == address && $0.text == text } }
            }.map { address, text in (varying.count > 1 ? address + "=" : "") + (text ?? "") }
            let words = (hasSeveralInputs ? [first.input] : []) + texts
            var contestant = Contestant(name: words.isEmpty ? first.input : words.joined(separator: ", "))
            for part in own where part.point == first.point {
                let place = Place(repetition: part.repetition, number: part.fold, heldOut: part.heldOut)
                contestant.folds[place] = Fold(place: place, training: part.training, rows: part.rows)
            }
            all.append(contestant)
        }
        // Two that are told apart by nothing are told apart by their number.
        let names = Dictionary(grouping: all.indices) { all[$0].name }
        var named = all
        for (name, places) in names where places.count > 1 {
            for (number, place) in places.enumerated() { named[place].name = "\(name) (\(number + 1))" }
        }
        return named.sorted { precedes($0.name, $1.name) }
    }
}

private func share(_ folds: [Contestant.Fold]) -> Double {
    folds.reduce(0) { $0 + Double($1.rows.ids.count) / Double(max(1, $1.training)) } / Double(max(1, folds.count))
}

/// Two contestants over the rows that both have predicted.
struct Pair {
    let name: String
    let difference: Double
    let corrected: (t: Double, p: Double)?
    /// The rows that one alone has right.
    let firstOnly: Int
    let secondOnly: Int

    /// Nil where they have no fold in common.
    init?(
        _ first: Contestant, _ second: Contestant, _ score: EvaluateCompare.Score, _ warnings: inout [String]
    ) throws {
        name = first.name + " vs " + second.name
        let places = first.folds.keys.filter { second.folds[$0] != nil }.sorted()
        let lonely = first.folds.count + second.folds.count - 2 * places.count
        if lonely > 0 {
            warnings.append("\(name): \(lonely) folds of one side only are left out")
        }
        var (differences, folds) = ([Double](), [Contestant.Fold]())
        var (firstOnly, secondOnly, lost) = (0, 0, 0)
        for place in places {
            guard let one = first.folds[place], let other = second.folds[place] else { continue }
            let common = Set(one.rows.ids).intersection(other.rows.ids)
            lost += one.rows.ids.count + other.rows.ids.count - 2 * common.count
            if common.isEmpty { continue }
            let (mine, theirs) = (try Answers(one.rows.only(common)), try Answers(other.rows.only(common)))
            differences.append(score.of(mine) - score.of(theirs))
            folds.append(one)
            guard place.repetition == places.first?.repetition else { continue }
            let right = other.rows.right
            for (id, isRight) in one.rows.right where common.contains(id) {
                if isRight, right[id] == false { firstOnly += 1 }
                if !isRight, right[id] == true { secondOnly += 1 }
            }
        }
        if lost > 0 { warnings.append("\(name): \(lost) rows of one side only are left out") }
        guard !differences.isEmpty else {
            warnings.append("\(name): no row was predicted by both")
            return nil
        }
        difference = differences.reduce(0, +) / Double(differences.count)
        corrected = PairedTests.correctedT(differences, testShare: share(folds))
        if corrected == nil {
            warnings.append(
                "\(name): no t-test, as there "
                    + (differences.count == 1 ? "is one fold" : "is the same difference in every fold"))
        }
        (self.firstOnly, self.secondOnly) = (firstOnly, secondOnly)
    }

    static func metrics(_ pairs: [Pair]) -> [Metric] {
        let mcNemar = pairs.map { PairedTests.mcNemar($0.firstOnly, $0.secondOnly) }
        let mcNemarHolm = PairedTests.holm(mcNemar)
        let tested = pairs.indices.filter { pairs[$0].corrected != nil }
        let holm = Dictionary(
            uniqueKeysWithValues: zip(tested, PairedTests.holm(tested.compactMap { pairs[$0].corrected?.p })))
        return pairs.enumerated().flatMap { index, pair -> [Metric] in
            var values: [(String, Double)] = [("difference", pair.difference)]
            if let corrected = pair.corrected, let p = holm[index] {
                values += [("p_corrected_t", corrected.p), ("p_corrected_t_holm", p)]
            }
            values += [
                ("a_only", Double(pair.firstOnly)), ("b_only", Double(pair.secondOnly)),
                ("p_mcnemar", mcNemar[index]), ("p_mcnemar_holm", mcNemarHolm[index]),
            ]
            return values.map { Metric($0, label: pair.name, $1) }
        }
    }
}

extension ReportRows {
    /// The rows with some of the ids.
    fileprivate func only(_ wanted: Set<String>) -> ReportRows {
        let kept = ids.indices.filter { wanted.contains(ids[$0]) }
        return ReportRows(
            role: role, ids: kept.map { ids[$0] }, targets: kept.map { targets[$0] }, values: kept.map { values[$0] })
    }

    /// Whether each row is predicted right.
    fileprivate var right: [String: Bool] {
        Dictionary(
            zip(ids, zip(targets, values).map { Prediction($1)?.predicted == $0.description }),
            uniquingKeysWith: { first, _ in first })
    }
}
