// Shortcuts: one record answers a whole unchanged node. Its key is made of the recipe, the roots of the inputs and the
// roles of the fold; its value is the list of the rows' digests. Losing one loses only time.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    private func shortcutKey(_ node: PlanNode, roots: [Digest]) -> Digest {
        Key.shortcut(node, roots: roots, roles: node.fold.map { plan.folds[$0].rolesDigest })
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
        bytes.reserveCapacity(32 * digests.count)
        for digest in digests { digest.append(to: &bytes) }
        let list = Tensor(.uint8(bytes), shape: [digests.count, 32], axes: ["row", "byte"])
        var note = note(node)
        note["rows"] = .int(digests.count)
        note["root"] = .digest(root)
        let key = shortcutKey(node, roots: roots)
        tables[index].withLock { $0.shortcut = key }
        try store.store(
            key: key, profile: node.profileDigest, stage: node.recipe, value: .tensor(list),
            digest: nil, keepsValue: true, note: .map(note))
    }

    /// The digests of a node's rows; of a transient node, its keys.
    func digests(of index: Int) throws -> [Digest?] {
        let (digests, isLoaded, shortcut) = tables[index].withLock { ($0.digests, $0.isLoaded, $0.shortcut) }
        if isLoaded { return digests }
        let node = plan.nodes[index]
        let rows = plan.rows(of: node)
        var loaded = [Digest?](repeating: nil, count: digests.count)
        if node.isTransient {
            let inputs = try node.inputs.map { try self.digests(of: $0) }
            for row in rows {
                let parts = inputs.compactMap { $0[row] }
                if parts.count == inputs.count { loaded[row] = key(node, row, parts) }
            }
        } else if let shortcut, let record = try find(shortcut, for: node),
            case .tensor(let list)? = try store.value(of: record), case .uint8(let bytes) = list.elements,
            list.shape == [rows.count, 32]
        {
            for (position, row) in rows.enumerated() {
                loaded[row] = Digest(bytes: bytes[32 * position..<32 * (position + 1)])
            }
        } else {
            // The list was lost: what it said is found again row by row.
            tables[index].withLock { $0.isLoaded = true }
            for row in rows {
                var memo = [Int: Value]()
                loaded[row] = try value(index, row: row, memo: &memo).digest
            }
        }
        let result = loaded
        tables[index].withLock { table in
            table.digests = result
            table.isLoaded = true
        }
        return result
    }

    func digest(of index: Int, row: Int) throws -> Digest? {
        let (isLoaded, digest) = tables[index].withLock {
            ($0.isLoaded, $0.digests.indices.contains(row) ? $0.digests[row] : nil)
        }
        if isLoaded, digest != nil { return digest }
        if isLoaded, plan.nodes[index].isTransient {
            // Within a region a transient key is known as soon as its inputs are.
            let node = plan.nodes[index]
            var parts = [Digest]()
            for input in node.inputs {
                guard let part = try self.digest(of: input, row: row) else { return nil }
                parts.append(part)
            }
            return key(node, row, parts)
        }
        return isLoaded ? nil : try digests(of: index)[row]
    }
}
