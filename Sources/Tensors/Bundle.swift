// Bundles: named tensors and scalars. Fitted states, summaries, tables and reports are bundles.

/// Named tensors and scalars; a name belongs to one of both.
public struct Bundle: Sendable, Hashable {
    public var tensors: [String: Tensor]
    public var scalars: [String: Scalar]

    public init(tensors: [String: Tensor] = [:], scalars: [String: Scalar] = [:]) {
        self.tensors = tensors
        self.scalars = scalars
    }
}
