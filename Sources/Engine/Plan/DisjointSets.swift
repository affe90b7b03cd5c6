// Sets of numbers that grow together: which rows must be treated as one.

struct DisjointSets {
    private var leader: [Int]

    init(_ count: Int) { leader = Array(0..<count) }

    /// The smallest member of a number's set.
    mutating func find(_ member: Int) -> Int {
        var member = member
        while leader[member] != member {
            leader[member] = leader[leader[member]]
            member = leader[member]
        }
        return member
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (find(a), find(b))
        leader[max(a, b)] = min(a, b)
    }
}
