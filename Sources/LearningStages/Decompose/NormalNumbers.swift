// Normally distributed numbers from a stream.

internal import Glibc
internal import Tensors

/// Two independent numbers of mean 0 and variance 1 (Box and Muller 1958).
func normalPair(_ stream: inout RandomStream) -> (Double, Double) {
    // In (0, 1], of which there is a logarithm.
    let radius = (-2 * log(1 - stream.uniform())).squareRoot()
    let angle = 2 * Double.pi * stream.uniform()
    return (radius * cos(angle), radius * sin(angle))
}
