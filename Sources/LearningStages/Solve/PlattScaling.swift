// Probabilities from decisions: a sigmoid a pair of classes (Lin, Lin and Weng: "A note on Platt's probabilistic outputs
// for support vector machines", Machine Learning 68, 2007), and the pairs' probabilities coupled (the second method of Wu,
// Lin and Weng: "Probability estimates for multi-class classification by pairwise coupling", JMLR 5, 2004), with the
// stopping rules of libsvm.

internal import Glibc

/// P(first class) = 1 / (1 + exp(slope · decision + shift)).
struct Sigmoid {
    var slope: Double
    var shift: Double

    /// The most likely sigmoid, by Newton's method, for decisions about rows of the first class and others. Targets are
    /// drawn off 0 and 1 by as much as there are few rows.
    init(_ decisions: [Double], isFirst: [Bool]) {
        let firsts = Double(isFirst.count { $0 })
        let others = Double(isFirst.count) - firsts
        let (high, low) = ((firsts + 1) / (firsts + 2), 1 / (others + 2))
        let targets = isFirst.map { $0 ? high : low }
        (slope, shift) = (0, log((others + 1) / (firsts + 1)))
        var loss = Self.loss(slope, shift, decisions, targets)
        for _ in 0..<100 {
            // The second derivatives are kept off 0.
            var (h11, h22, h21, g1, g2) = (1e-12, 1e-12, 0.0, 0.0, 0.0)
            for (decision, target) in zip(decisions, targets) {
                let (p, q) = Self.sides(decision * slope + shift)
                let curvature = p * q
                h11 += decision * decision * curvature
                h22 += curvature
                h21 += decision * curvature
                g1 += decision * (target - p)
                g2 += target - p
            }
            if abs(g1) < 1e-5, abs(g2) < 1e-5 { break }
            let determinant = h11 * h22 - h21 * h21
            let step = (-(h22 * g1 - h21 * g2) / determinant, -(h11 * g2 - h21 * g1) / determinant)
            let descent = g1 * step.0 + g2 * step.1
            var scale = 1.0
            while scale >= 1e-10 {
                let new = (slope + scale * step.0, shift + scale * step.1)
                let newLoss = Self.loss(new.0, new.1, decisions, targets)
                if newLoss < loss + 1e-4 * scale * descent {
                    (slope, shift, loss) = (new.0, new.1, newLoss)
                    break
                }
                scale /= 2
            }
            if scale < 1e-10 { break }
        }
    }

    init(slope: Double, shift: Double) { (self.slope, self.shift) = (slope, shift) }

    func callAsFunction(_ decision: Double) -> Double { Self.sides(decision * slope + shift).first }

    /// 1 / (1 + eˣ) and what it lacks to 1, without overflow.
    private static func sides(_ x: Double) -> (first: Double, rest: Double) {
        let power = exp(-abs(x))
        let (small, large) = (power / (1 + power), 1 / (1 + power))
        return x >= 0 ? (small, large) : (large, small)
    }

    private static func loss(_ slope: Double, _ shift: Double, _ decisions: [Double], _ targets: [Double]) -> Double {
        var loss = 0.0
        for (decision, target) in zip(decisions, targets) {
            let x = decision * slope + shift
            loss += x >= 0 ? target * x + log1p(exp(-x)) : (target - 1) * x + log1p(exp(x))
        }
        return loss
    }
}

/// The probabilities of classes that agree best with those of each pair.
/// - Parameter pairs: row i, column j: of class i, where it is i or j.
func coupled(_ pairs: [Double], classes: Int) -> [Double] {
    var products = [Double](repeating: 0, count: classes * classes)
    for t in 0..<classes {
        for j in 0..<classes where j != t {
            products[t * classes + t] += pairs[j * classes + t] * pairs[j * classes + t]
            products[t * classes + j] = -pairs[j * classes + t] * pairs[t * classes + j]
        }
    }
    var probabilities = [Double](repeating: 1 / Double(classes), count: classes)
    var gradients = [Double](repeating: 0, count: classes)
    for _ in 0..<max(100, classes) {
        var whole = 0.0
        for t in 0..<classes {
            gradients[t] = 0
            for j in 0..<classes { gradients[t] += products[t * classes + j] * probabilities[j] }
            whole += probabilities[t] * gradients[t]
        }
        let error = gradients.reduce(0) { max($0, abs($1 - whole)) }
        if error < 0.005 / Double(classes) { break }
        for t in 0..<classes {
            let own = products[t * classes + t]
            let change = (whole - gradients[t]) / own
            probabilities[t] += change
            whole = (whole + change * (change * own + 2 * gradients[t])) / (1 + change) / (1 + change)
            for j in 0..<classes {
                gradients[j] = (gradients[j] + change * products[t * classes + j]) / (1 + change)
                probabilities[j] /= 1 + change
            }
        }
    }
    return probabilities
}
