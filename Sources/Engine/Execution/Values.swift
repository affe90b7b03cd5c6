// Values on demand: from memory, from the cache, or made again from their inputs. What is made again is used only under
// the digest that it had.

internal import Cache
internal import Media
internal import Spec
internal import Stages
public import Tensors
internal import Workers

/// Why a value could not be had: the node where the trouble began, and its cause.
struct NodeFailure: Error {
    let node: Int
    /// The row there, where it is one row's.
    var row: Int?
    let cause: String
    let advice: String?
}

extension Run {
    /// The value of a node for one row. `memo` holds what the sample at hand already has.
    func value(_ index: Int, row: Int, memo: inout Memo) throws -> Value {
        if let value = memo[index, row] { return value }
        let node = plan.nodes[index]
        if node.handsRowsOn, let place = plan.passed(node, row) {
            return try value(place.node, row: place.row, memo: &memo)
        }
        switch node.work {
        case .source:
            guard let table = plan.sources[index] else {
                throw NodeFailure(node: index, cause: "there is no table", advice: nil)
            }
            return table.values[row]
        case .map:
            if node.isTransient, !node.keeps {
                let (value, seconds) = try compute(index, row, memo: &memo)
                memo.keep(value, index, row)
                tables[index].withLock { table in
                    table.tally.computed += 1
                    table.tally.seconds += seconds
                }
                return value
            }
            if node.isTransient {
                let value = try keptTransient(index, row, memo: &memo)
                memo.keep(value, index, row)
                return value
            }
            let digest = try digest(of: index, row: row)
            if let digest, let value = values[digest] { return value }
            let value = try remembered(index, row, digest: digest, memo: &memo)
            memo.keep(value, index, row)
            return value
        case .apply, .gather:
            guard let digest = try digest(of: index, row: row) else {
                throw NodeFailure(node: index, cause: "it has no value for this row", advice: nil)
            }
            if let value = values[digest] { return value }
            return try blockValue(index, row: row, digest: digest)
        case .fit, .summary, .report, .pooled, .rows, .outOfFold:
            throw NodeFailure(node: index, cause: "it has no value a row", advice: nil)
        }
    }

    /// A map's value: the recorded one, or one made again.
    private func remembered(_ index: Int, _ row: Int, digest: Digest?, memo: inout Memo) throws -> Value {
        let node = plan.nodes[index]
        var inputs = [Digest]()
        for input in node.inputs {
            guard let part = try self.digest(of: input, row: row) else {
                throw NodeFailure(node: input, cause: "it has no value for this row", advice: nil)
            }
            inputs.append(part)
        }
        let key = key(node, row, inputs)
        if let record = try find(key, for: node), let value = try store.value(of: record) {
            values.insert(value, record.output)
            return value
        }
        let (value, seconds) = try compute(index, row, memo: &memo)
        let made = value.digest
        if let digest, made != digest {
            throw NodeFailure(
                node: index,
                cause:
                    "it is not deterministic: made again from the same inputs, its value has the digest \(made.hex.prefix(12)) "
                    + "and had \(digest.hex.prefix(12)) before",
                advice:
                    "a stage may read its inputs, its parameters and its stream only; or its revision was not raised")
        }
        do {
            try store.store(
                key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: made,
                keepsValue: node.keeps,
                note: .map(note(node, sample: plan.rowSets[node.rows].ids[row], seconds: seconds)))
        } catch {
            guard case .notDeterministic = error else { throw error }
            throw NodeFailure(node: index, cause: error.description, advice: nil)
        }
        values.insert(value, made)
        tables[index].withLock { table in
            if !node.isCheap { table.tally.remade += 1 }
            table.tally.seconds += seconds
        }
        return value
    }

    /// A transient value that is kept all the same: it has no digest in what follows, only its key.
    private func keptTransient(_ index: Int, _ row: Int, memo: inout Memo) throws -> Value {
        let node = plan.nodes[index]
        guard let key = try digest(of: index, row: row) else {
            throw NodeFailure(node: index, cause: "it has no value for this row", advice: nil)
        }
        if let record = try find(key, for: node), let value = try store.value(of: record) {
            tables[index].withLock { $0.tally.cached += 1 }
            return value
        }
        let (value, seconds) = try compute(index, row, memo: &memo)
        try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: value.digest,
            keepsValue: true, note: .map(note(node, sample: plan.rowSets[node.rows].ids[row], seconds: seconds)))
        tables[index].withLock { table in
            table.tally.computed += 1
            table.tally.seconds += seconds
        }
        return value
    }

    /// Runs a map on one row.
    func compute(_ index: Int, _ row: Int, memo: inout Memo) throws -> (value: Value, seconds: Double) {
        let node = plan.nodes[index]
        guard case .map(let map) = node.work else {
            throw NodeFailure(node: index, cause: "it is not a map", advice: nil)
        }
        var inputs = [Value]()
        for input in node.inputs { inputs.append(try value(input, row: row, memo: &memo)) }
        let start = clock.seconds()
        do {
            let value = try apply(map, to: mapInput(node, row, inputs), limits: node.limits)
            try checkNumbers(value)
            if node.isForTraining { try checkLikeness(value, inputs[0]) }
            if value.byteCount > options.memory {
                throw Failure(
                    "its value takes \(ByteSize.text(value.byteCount)), more than the memory budget of \(ByteSize.text(options.memory))",
                    advice: "give it more with --memory")
            }
            let seconds = clock.seconds() - start
            pace.withLock { $0.saw(node.paceName, seconds: seconds) }
            return (value, seconds)
        } catch let error as WorkerError {
            throw error
        } catch let error as MediaProcessMissing {
            throw error
        } catch {
            let failure = Failure(of: error)
            throw NodeFailure(node: index, row: row, cause: failure.cause, advice: failure.advice)
        }
    }

    /// What a map is given for one row.
    func mapInput(_ node: PlanNode, _ row: Int, _ inputs: [Value]) -> MapInput {
        let rows = plan.rowSets[node.rows]
        var columns = [String: Scalar]()
        for column in node.columns { columns[column] = rows.columns[column]?[row] }
        let stream = RandomStream(
            named: node.stream.map { $0.digest(sample: rows.ids[row]) } ?? Digest(of: .null))
        return MapInput(values: inputs, names: node.inputNames, columns: columns, stream: stream)
    }

    /// With `only: train` rows that train and rows that don't meet behind the stage, so they must be alike.
    private func checkLikeness(_ value: Value, _ input: Value) throws(Failure) {
        func kind(_ value: Value) -> Canonical {
            guard case .tensor(let tensor) = value else { return .text(value.phrase) }
            return .array([.text(tensor.type.rawValue), .array(tensor.axes.map { .text($0) })])
        }
        if case .tensor(let made) = value, case .tensor(let taken) = input {
            for (name, attribute) in taken.attributes {
                if let other = made.attributes[name], other != attribute {
                    throw Failure(
                        "under only: train it changes \(name) from \(attribute) to \(other), so that rows to train on and others would differ in it"
                    )
                }
            }
        }
        if kind(value) == kind(input) { return }
        throw Failure(
            "under only: train its output must have the type and axes of its input; it took \(input.phrase) and gave \(value.phrase)"
        )
    }

    /// No NaN passes silently from one stage to the next.
    func checkNumbers(_ value: Value) throws(Failure) {
        let tensors: [Tensor] =
            switch value {
            case .tensor(let tensor): [tensor]
            case .bundle(let bundle): Array(bundle.tensors.values)
            default: []
            }
        if tensors.contains(where: \.hasNaN) {
            throw Failure("its output has NaN (not a number)", advice: "look at its input: a NaN there is passed on")
        }
    }
}

extension Run {
    /// The state of a fit node, once the run has reached it.
    public func fittedState(of node: Int) throws -> Bundle { try state(node) }
}
