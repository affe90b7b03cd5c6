// Shortcuts: one record answers a whole unchanged node. Its key is made of the recipe, the roots of the inputs and the
// roles of the fold; its value lists, row by row, the digest and the key of the record behind it. Losing one loses only
// time.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    private func shortcutKey(_ node: PlanNode, roots: [Digest]) -> Digest {
        Key.shortcut(node, roots: roots, roles: plan.view(of: node)?.digest)
    }

    /// Whether a shortcut answers for the node; then its root is known, and its rows on demand.
    func answer(_ index: Int, roots: [Digest], rows: Int) throws -> Bool {
        let node = plan.nodes[index]
        let key = shortcutKey(node, roots: roots)
        guard store.hasRecords(of: node.recipe), let record = try find(key, for: node),
            record.note["rows"]?.intValue == rows, let root = record.note["root"]?.digestValue
        else { return false }
        tables[index].withLock { table in
            table.root = root
            table.isLoaded = false
            table.isAnswered = true
            table.shortcut = key
            table.tally.cached += rows
        }
        return true
    }

    func writeShortcut(_ index: Int, roots: [Digest], digests: [Digest], root: Digest) throws {
        let node = plan.nodes[index]
        var bytes = [UInt8]()
        bytes.reserveCapacity(64 * digests.count)
        for (digest, key) in zip(digests, try rowKeys(index)) {
            digest.append(to: &bytes)
            key.append(to: &bytes)
        }
        let list = Tensor(.uint8(bytes), shape: [digests.count, 64], axes: ["row", "byte"])
        var note = note(node)
        note["recipe"] = .digest(node.recipe)
        note["rows"] = .int(digests.count)
        note["root"] = .digest(root)
        let key = shortcutKey(node, roots: roots)
        tables[index].withLock { $0.shortcut = key }
        try store.store(
            key: key, profile: node.profileDigest, stage: node.recipe, value: .tensor(list),
            digest: nil, keepsValue: true, note: .map(note))
    }

    /// The key of the record behind each row, in the order of the rows: a clean-up that keeps a node keeps those.
    private func rowKeys(_ index: Int) throws -> [Digest] {
        let node = plan.nodes[index]
        let rows = plan.rows(of: node)
        if case .map = node.work {
            let inputs = try node.inputs.map { try digests(of: $0) }
            return rows.map { row in
                // What is handed on has no record here.
                plan.passed(node, row) == nil ? key(node, row, inputs.compactMap { $0[row] }) : Digest(of: .null)
            }
        }
        var keys = [Int: Digest]()
        for block in try blocks(index) {
            let key = try blockKey(index, block)
            for row in block { keys[row] = key }
        }
        return rows.compactMap { keys[$0] }
    }

    /// The digests of a node's rows; of a transient node, its keys.
    func digests(of index: Int) throws -> [Digest?] {
        let (digests, isLoaded, shortcut) = tables[index].withLock { ($0.digests, $0.isLoaded, $0.shortcut) }
        let node = plan.nodes[index]
        // Asked for once a block: nothing is made of the size of the table where it is there.
        if isLoaded, !digests.isEmpty, !node.work.passesRows { return digests }
        var loaded = [Digest?](repeating: nil, count: plan.rowSets[node.rows].count)
        if node.work.passesRows {
            let inputs = try Dictionary(uniqueKeysWithValues: Set(node.inputs).map { ($0, try self.digests(of: $0)) })
            for row in plan.rows(of: node) {
                guard let place = plan.passed(node, row) else { continue }
                loaded[row] = inputs[place.node]?[place.row]
            }
            return loaded
        }
        if isLoaded { return loaded }
        let rows = plan.rows(of: node)
        if node.isTransient {
            let inputs = try node.inputs.map { try self.digests(of: $0) }
            for row in rows { loaded[row] = transientKey(node, row, inputs.map { $0[row] }) }
        } else if let shortcut, let record = try find(shortcut, for: node),
            case .tensor(let list)? = try store.value(of: record), case .uint8(let bytes) = list.elements,
            list.shape == [rows.count, 64]
        {
            for (position, row) in rows.enumerated() {
                loaded[row] = Digest(bytes: bytes[64 * position..<64 * position + 32])
            }
        } else {
            try recover(index, rows, into: &loaded)
        }
        let result = loaded
        tables[index].withLock { table in
            table.digests = result
            table.isLoaded = true
        }
        return result
    }

    /// Finds again, row by row or block by block, what a lost list said, and writes the list again.
    private func recover(_ index: Int, _ rows: [Int], into loaded: inout [Digest?]) throws {
        let node = plan.nodes[index]
        if case .map = node.work {
            let inputs = try node.inputs.map { try digests(of: $0) }
            let rows = rows.filter { row in
                guard plan.passed(node, row) != nil else { return true }
                loaded[row] = inputs[0][row]
                return false
            }
            let keys = try rows.map { row in
                key(
                    node, row,
                    try inputs.enumerated().map { position, digests in
                        try known(digests, [row], of: node.inputs[position])[0]
                    })
            }
            let records = try find(keys, for: node)
            for (position, row) in rows.enumerated() {
                if let record = records[position] {
                    loaded[row] = record.output
                    continue
                }
                var memo = Memo()
                let (value, seconds) = try compute(index, row, memo: &memo)
                loaded[row] = value.digest
                try store.store(
                    key: keys[position], profile: node.profileDigest, stage: node.identityDigest, value: value,
                    digest: value.digest, keepsValue: node.keeps,
                    note: .map(note(node, sample: plan.rowSets[node.rows].ids[row], seconds: seconds)))
                if !node.isCheap { tables[index].withLock { $0.tally.remade += 1 } }
            }
        } else {
            for block in try blocks(index) {
                for (row, digest) in zip(block, try recoverBlock(index, block)) { loaded[row] = digest }
            }
        }
        let found = try known(loaded, rows, of: index)
        let (root, roots) = (tables[index].withLock { $0.root }, inputRoots(node))
        guard Merkle.root(of: found) == root else {
            throw NodeFailure(
                node: index, cause: "it is not deterministic: what its lost list said cannot be found again",
                advice: "a stage may read its inputs, its parameters and its stream only")
        }
        if let root, let roots { try writeShortcut(index, roots: roots, digests: found, root: root) }
    }

    func digest(of index: Int, row: Int) throws -> Digest? {
        let node = plan.nodes[index]
        if node.work.passesRows {
            return try plan.passed(node, row).flatMap { try digest(of: $0.node, row: $0.row) }
        }
        let (isLoaded, known) = tables[index].withLock {
            ($0.isLoaded, $0.digests.indices.contains(row) ? $0.digests[row] : nil)
        }
        if isLoaded, known != nil { return known }
        if isLoaded, node.isTransient {
            // Within a region a transient key is known as soon as its inputs are.
            return transientKey(node, row, try node.inputs.map { try self.digest(of: $0, row: row) })
        }
        return isLoaded ? nil : try digests(of: index)[row]
    }
}
