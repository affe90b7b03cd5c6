// Blocks of rows: what an apply or a gather gives is computed, keyed and recorded a block at a time. The blocks of an
// apply are counted within one role, so that asking for more roles moves none of them; a gather has one block.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    /// The rows of each block. Rows that failed before are not seen and not counted; those that failed here leave a gap
    /// in their block and move no boundary.
    func blocks(_ index: Int) throws -> [[Int]] {
        let node = plan.nodes[index]
        let (failures, gaps) = tables[index].withLock { ($0.failures, $0.gaps) }
        let failed = Set(failures.keys).subtracting(gaps)
        func sound(_ block: some Sequence<Int>) -> [Int] { block.filter { failures[$0] == nil } }
        guard case .apply = node.work, let view = plan.view(of: node) else {
            let rows = plan.rows(of: node).filter { !failed.contains($0) }
            return rows.isEmpty ? [] : [sound(rows)]
        }
        var blocks = [[Int]]()
        for role in Role.allCases where node.roles.contains(role) {
            let rows = view.rows([role]).filter { !failed.contains($0) }
            for start in stride(from: 0, to: rows.count, by: Merkle.blockSize) {
                blocks.append(sound(rows[start..<min(start + Merkle.blockSize, rows.count)]))
            }
        }
        return blocks.filter { !$0.isEmpty }
    }

    func inheritFailures(_ index: Int) throws {
        let node = plan.nodes[index]
        for input in Set(node.inputs) where node.takesRows(from: plan.nodes[input]) {
            let (failures, found) = tables[input].withLock { ($0.failures, $0.found) }
            if failures.isEmpty { continue }
            if node.work.passesRows {
                for row in plan.rows(of: node) {
                    guard let place = plan.passed(node, row), place.node == input, let failure = failures[place.row]
                    else { continue }
                    tables[index].withLock { table in
                        table.failures[row] = failure
                        if found.contains(place.row) { table.found.insert(row) }
                    }
                }
            } else {
                tables[index].withLock { table in
                    table.failures.merge(failures) { old, _ in old }
                    // When it was found is a matter of chance, so that it moves no block.
                    table.found.formUnion(found)
                    table.gaps.formUnion(found)
                }
            }
        }
    }

    func blockKey(_ index: Int, _ block: [Int]) throws -> Digest {
        let node = plan.nodes[index]
        let rows = try roots(node, block)
        guard case .apply = node.work else { return Key.gather(node, rows: rows) }
        guard let state = tables[node.inputs[0]].withLock({ $0.root }) else {
            throw NodeFailure(node: node.inputs[0], cause: "it has no state", advice: nil)
        }
        return Key.apply(node, state: state, block: rows)
    }

    /// Computes a block and records it. A row that cannot be computed fails alone: which one it was is found by trying
    /// each, and the block is then that of the others.
    func runBlock(_ index: Int, _ block: [Int]) throws {
        do { try recordBlock(index, block, try makeBlock(index, block)) } catch let failure as NodeFailure {
            guard options.keepsGoing else { throw failing(index, block) ?? failure }
            var sound = [Int]()
            for row in block {
                do {
                    _ = try makeBlock(index, [row])
                    sound.append(row)
                } catch let failure as NodeFailure {
                    tables[index].withLock { table in
                        table.failures[row] = SampleFailure(failure, row: failure.node == index ? row : nil)
                        table.gaps.insert(row)
                    }
                    tables[failure.node].withLock { $0.tally.failed += 1 }
                }
            }
            if sound.count == block.count { throw failure }
            if !sound.isEmpty { try recordBlock(index, sound, try makeBlock(index, sound)) }
        }
    }

    /// What the first row that fails by itself says; nil where they fail together only.
    private func failing(_ index: Int, _ block: [Int]) -> NodeFailure? {
        for row in block {
            do { _ = try makeBlock(index, [row]) } catch var failure as NodeFailure {
                if failure.node == index { failure.row = row }
                return failure
            } catch { return nil }
        }
        return nil
    }

    /// Computes a block.
    func makeBlock(_ index: Int, _ block: [Int]) throws -> [Value] {
        let node = plan.nodes[index]
        let isApply = if case .apply = node.work { true } else { false }
        let sources = isApply ? Array(node.inputs.dropFirst()) : node.inputs
        let rows = try block.map { row in
            var memo = Memo()
            return try sources.map { try value($0, row: row, memo: &memo) }
        }
        let start = clock.seconds()
        do {
            let made = try apply(node, to: rows, of: block)
            let held = (rows.joined().map(\.byteCount) + made.map(\.byteCount)).reduce(0, +)
            footprints[unitOf[index]].withLock { $0.saw(held) }
            guard made.count == block.count else {
                throw Failure("it gave \(made.count) values for \(block.count) rows")
            }
            for value in made { try checkNumbers(value) }
            let seconds = clock.seconds() - start
            tables[index].withLock { $0.tally.seconds += seconds }
            pace.withLock { $0.saw(node.paceName, seconds: seconds, count: block.count) }
            return made
        } catch let failure as Failure {
            throw NodeFailure(node: index, cause: failure.cause, advice: failure.advice)
        }
    }

    private func apply(_ node: PlanNode, to rows: [[Value]], of block: [Int]) throws -> [Value] {
        switch node.work {
        case .apply(let stage): return try stage.apply(try state(node.inputs[0]), to: rows)
        case .gather(let stage):
            let columns = plan.rowSets[node.rows].columns
            return try stage.gather(
                rows,
                columns: Dictionary(
                    uniqueKeysWithValues: node.columns.map { name in
                        (name, block.map { columns[name]?[$0] ?? .missing })
                    }))
        default: return []
        }
    }

    func recordBlock(_ index: Int, _ block: [Int], _ made: [Value]) throws {
        let digests = made.map(\.digest)
        for (value, digest) in zip(made, digests) { values.insert(value, digest) }
        try storeBlock(index, key: blockKey(index, block), made, digests)
        let bytes = made.reduce(0) { $0 + $1.byteCount }
        tables[index].withLock { table in
            for (row, digest) in zip(block, digests) { table.put(digest, row) }
            table.tally.computed += block.count
            table.tally.bytes += bytes
        }
    }

    private func storeBlock(_ index: Int, key: Digest, _ made: [Value], _ digests: [Digest]) throws {
        let node = plan.nodes[index]
        var tensors = [String: Tensor]()
        for (position, value) in made.enumerated() {
            guard case .tensor(let tensor) = value else {
                throw Failure("it gave \(value.phrase) where a tensor was expected")
            }
            tensors[String(position)] = tensor
        }
        var list = [UInt8]()
        for digest in digests { digest.append(to: &list) }
        var note = note(node)
        note["digests"] = .bytes(list)
        try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: .bundle(Bundle(tensors: tensors)),
            digest: nil, keepsValue: node.keeps, note: .map(note))
    }

    /// Takes a recorded block for this run.
    func adopt(_ index: Int, _ block: [Int], _ record: Record) -> Bool {
        guard let digests = Self.digests(of: record), digests.count == block.count else { return false }
        tables[index].withLock { table in
            for (row, digest) in zip(block, digests) { table.put(digest, row) }
            table.tally.cached += block.count
        }
        return true
    }

    /// The digests of a block whose list was lost: from its record, or by making it again.
    func recoverBlock(_ index: Int, _ block: [Int]) throws -> [Digest] {
        let node = plan.nodes[index]
        let key = try blockKey(index, block)
        if let record = try find(key, for: node), let digests = Self.digests(of: record), digests.count == block.count {
            return digests
        }
        let made = try makeBlock(index, block)
        let digests = made.map(\.digest)
        for (value, digest) in zip(made, digests) { values.insert(value, digest) }
        try storeBlock(index, key: key, made, digests)
        return digests
    }

    private static func digests(of record: Record) -> [Digest]? {
        guard let bytes = record.note["digests"]?.bytesValue, bytes.count % 32 == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: 32).compactMap { Digest(bytes: bytes[$0..<$0 + 32]) }
    }

    /// A row's value of an apply or a gather, whose digest is known: its whole block is read, or made again.
    func blockValue(_ index: Int, row: Int, digest: Digest) throws -> Value {
        let node = plan.nodes[index]
        guard let block = try blocks(index).first(where: { $0.contains(row) }), let position = block.firstIndex(of: row)
        else {
            throw NodeFailure(node: index, cause: "it has no value for this row", advice: nil)
        }
        let key = try blockKey(index, block)
        if let record = try find(key, for: node),
            case .bundle(let bundle)? = try store.value(of: record),
            let digests = Self.digests(of: record), digests.count == block.count
        {
            for (place, known) in digests.enumerated() {
                if let tensor = bundle.tensors[String(place)] { values.insert(.tensor(tensor), known) }
            }
            if let tensor = bundle.tensors[String(position)] { return .tensor(tensor) }
        }
        let made = try makeBlock(index, block)
        let digests = made.map(\.digest)
        guard digests[position] == digest else {
            throw NodeFailure(
                node: index, cause: "it is not deterministic: applied again to the same rows, its value differs",
                advice: "an apply may read its rows and its state only")
        }
        for (value, digest) in zip(made, digests) { values.insert(value, digest) }
        if node.keeps { try storeBlock(index, key: key, made, digests) }
        if !node.isCheap { tables[index].withLock { $0.tally.remade += block.count } }
        return made[position]
    }
}
