// Builds a plan: resolves each point of the sweep and adds its stages, once for all folds or once a fold. How a stage
// becomes nodes is in `NodeMaking.swift`, how rows are moved in `RowMaking.swift`, how they are divided in
// `FoldMaking.swift`, how reports over several folds are gathered in `PoolMaking.swift`. What the builder must know of the
// world comes through `Surroundings`.

public import Spec
public import Stages
public import Tensors

/// What the builder asks of the world.
public protocol Surroundings {
    /// The table of a source; listed and digested once for each recipe.
    func table(of source: any SourceStage, recipe: Digest) throws -> SourceTable
    /// The digest of a file named in parameters.
    func digest(ofFile path: String) throws -> Digest
    /// The arithmetic profile of a stage type on this machine.
    func profile(of declaration: Declaration) -> [String: String]
}

/// Data that is not there or not as it should be: a source that could not list it, or a file that cannot be read. The spec
/// is right as far as it goes, and the place in it is where to look.
public struct SourceError: Error, Sendable {
    public let located: SpecErrors
}

/// Makes plans from experiments.
public struct PlanBuilder {
    /// Looked at at the point that is added.
    var experiment: Experiment
    let surroundings: any Surroundings
    /// Told how far it is, now and then; what it throws ends the planning.
    let observe: (_ trials: Int) throws -> Void
    var plan = Plan()
    var byRecipe: [Digest: Int] = [:]
    var rowSetByDigest: [Digest: Int] = [:]
    /// Folds by the recipe of their split, and the repeat.
    var foldsBySplit: [Digest: [Int]] = [:]
    var innerFoldsBySplit: [Digest: [Int]] = [:]
    var divisionByTables: [[Int]: Division] = [:]
    var profiles: [String: [String: String]] = [:]
    var runPools: [PoolDraft] = []

    /// What stages are added in: a point, and a fold of it.
    struct Place {
        let resolved: Resolved
        /// Nodes by the name of the stage.
        var nodes: [String: Int]
        var fold: Int?
        /// What the split of the point divides.
        var division: Division?
        /// Those that depend on no fold, and the uses that do: what is fitted again on inner folds.
        var shared: [String: Int] = [:]
        var perFold: [StageUse] = []
    }

    private init(
        experiment: Experiment, surroundings: any Surroundings, observe: @escaping (_ trials: Int) throws -> Void
    ) {
        self.observe = observe
        self.experiment = experiment
        self.surroundings = surroundings
    }

    /// The plan of an experiment.
    /// - Parameters:
    ///   - end: the name of a stage, if only what leads to it is wanted.
    ///   - observe: told how far it is, now and then; what it throws ends the planning.
    /// - Throws: `SpecErrors` where the data and the spec do not fit, and what the surroundings throw.
    public static func plan(
        _ experiment: Experiment, surroundings: any Surroundings, upTo end: String? = nil,
        observe: @escaping (_ trials: Int) throws -> Void = { _ in }
    ) throws -> Plan {
        var builder = PlanBuilder(experiment: experiment, surroundings: surroundings, observe: observe)
        for point in experiment.points { try builder.add(point, upTo: end) }
        try builder.closeRunPools()
        builder.plan.close()
        return builder.plan
    }

    private mutating func add(_ point: Point, upTo end: String?) throws {
        experiment = experiment.at(point)
        try observe(plan.trials.count)
        let resolved = try experiment.resolve(point)
        var place = Place(resolved: resolved, nodes: [:])
        var (perFold, pooled) = ([StageUse](), [StageUse]())
        for use in try Self.leading(to: end, in: resolved.stages) {
            if use.stage is any PooledReportStage {
                pooled.append(use)
            } else if dependsOnFold(use, place.nodes) {
                perFold.append(use)
            } else {
                place.nodes[use.name] = try add(use, in: place)
            }
        }
        let used = resolved.stages.compactMap { use in place.nodes[use.name].map { (name: use.name, node: $0) } }
        plan.points.append(
            PlannedPoint(index: point.index, values: point.values.map { ($0.address, $0.text) }, nodes: used))
        guard !perFold.isEmpty || !pooled.isEmpty else { return }
        place.shared = place.nodes
        place.perFold = perFold
        var pools = PoolDrafts(pooled, point: plan.points.count - 1)
        let (folds, division) = try folds(of: resolved, below: perFold + pooled, nodes: place.shared)
        place.division = division
        for fold in folds {
            place.nodes = place.shared
            place.fold = fold
            if plan.trials.count % 64 == 0 { try observe(plan.trials.count) }
            let own = try addFold(perFold, in: &place)
            try addTrial(perFold, own, place)
            pools.add(fold, place.nodes)
        }
        try close(pools, place)
    }

    /// Adds the stages of one fold; gives the node of each.
    private mutating func addFold(_ uses: [StageUse], in place: inout Place) throws -> [Int] {
        var own = [Int]()
        for use in uses {
            let index = try add(use, in: place)
            place.nodes[use.name] = index
            own.append(index)
        }
        return own
    }

    private mutating func addTrial(_ uses: [StageUse], _ own: [Int], _ place: Place) throws {
        guard let fold = place.fold, !own.isEmpty else { return }
        if plan.trials.count >= Self.mostTrials {
            throw tooManyTrials(at: place.resolved.repeats > 1 ? "repeats" : "sweep")
        }
        var reports = [(name: String, node: Int)]()
        var fits = [(name: String, node: Int)]()
        for (use, index) in zip(uses, own) {
            switch plan.nodes[index].work {
            case .report: reports.append((use.name, index))
            case .apply: fits.append((use.name, plan.nodes[index].inputs[0]))
            default: break
            }
        }
        // Rows are counted where they are trained on, copies for training among them.
        let counted = fits.last?.node ?? own[own.count - 1]
        plan.trials.append(
            Trial(
                point: plan.points.count - 1, fold: fold, rows: plan.nodes[counted].rows, reports: reports, fits: fits,
                nodes: own))
    }

    /// Whether a stage is another node in each fold.
    private func dependsOnFold(_ use: StageUse, _ shared: [String: Int]) -> Bool {
        if use.isForTraining || isFitted(use.stage) { return true }
        if use.inputs.contains(where: { shared[$0.stage] == nil }) { return true }
        // All rows together must not be told apart by copies of those that are tested.
        return use.stage.kind == .gather
            && use.inputs.contains { input in
                shared[input.stage].map { !plan.rowSets[plan.nodes[$0].rows].forTraining.isEmpty } ?? false
            }
    }

    private func isFitted(_ stage: any StageType) -> Bool {
        switch stage.kind {
        case .fitted, .report: true
        case .composite:
            (stage as? any CompositeStage).flatMap { try? $0.expand() }?.parts.contains { isFitted($0.stage) } ?? false
        default: false
        }
    }

    /// The uses that lead to a stage, itself among them.
    private static func leading(to end: String?, in uses: [StageUse]) throws -> [StageUse] {
        guard let end else { return uses }
        var wanted = Set(
            uses.map(\.name).filter { name in
                if name == end || name.hasPrefix(end + "[") || name.hasPrefix(end + ".") { return true }
                // `curves[noise]`: all steps of that branch.
                guard let open = end.firstIndex(of: "[") else { return false }
                return name.hasPrefix(end[..<open] + ".") && name.hasSuffix(end[open...])
            })
        if wanted.isEmpty {
            let names = uses.map(\.name)
            throw Problem(
                "--only: there is no stage \(end); there are \(names.joined(separator: ", "))",
                advice: nearest(to: end, among: names).map { "did you mean \($0)?" })
        }
        for use in uses.reversed() where wanted.contains(use.name) { wanted.formUnion(use.inputs.map(\.stage)) }
        return uses.filter { wanted.contains($0.name) }
    }
}
