// The line search of L-BFGS-B: Moré and Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS
// 20 (1994), as in MINPACK-2's dcsrch and dcstep. The step is found from values and slopes alone, so this is a state that
// is told of a trial and answers with the next.

/// Looks for a step at which the function has decreased enough and its slope is small enough.
struct LineSearch {
    enum Answer {
        /// Try this step.
        case step(Double)
        /// The last step tried is as good as can be had.
        case accepted
    }

    /// A step with the value and the slope of the function there.
    private struct Trial {
        var step: Double
        var value: Double
        var slope: Double
    }

    private static let decrease = 1e-3
    private static let curvature = 0.9
    private static let resolution = 0.1

    private let start: Trial
    private let limit: Double
    private var step: Double
    /// The best step so far, and the other end of the interval that has the minimum.
    private var best: Trial
    private var other: Trial
    private var isBracketed = false
    private var isFirstStage = true
    private var bounds: (low: Double, high: Double)
    private var widths: (last: Double, before: Double)

    /// - Parameters:
    ///   - value: of the function at step 0.
    ///   - slope: there; below 0.
    ///   - step: the first to be tried.
    init(value: Double, slope: Double, step: Double, limit: Double) {
        start = Trial(step: 0, value: value, slope: slope)
        (best, other) = (start, start)
        (self.step, self.limit) = (step, limit)
        bounds = (0, 5 * step)
        widths = (limit, 2 * limit)
    }

    /// The answer to a trial at the last step given (at first, that of `init`).
    mutating func next(value: Double, slope: Double) -> Answer {
        let wantedSlope = Self.decrease * start.slope
        let wanted = start.value + step * wantedSlope
        if isFirstStage, value <= wanted, slope >= 0 { isFirstStage = false }

        let isStuck = isBracketed && (step <= bounds.low || step >= bounds.high || isNarrow)
        let isAtLimit = step == limit && value <= wanted && slope <= wantedSlope
        let isAtZero = step == 0 && (value > wanted || slope >= wantedSlope)
        let isDone = value <= wanted && abs(slope) <= -Self.curvature * start.slope
        if isStuck || isAtLimit || isAtZero || isDone { return .accepted }

        let trial = Trial(step: step, value: value, slope: slope)
        if isFirstStage, value <= best.value, value > wanted {
            // In the first stage the function without the wanted decrease is searched.
            func tilted(_ trial: Trial, by sign: Double) -> Trial {
                Trial(
                    step: trial.step, value: trial.value - sign * trial.step * wantedSlope,
                    slope: trial.slope - sign * wantedSlope)
            }
            (best, other) = (tilted(best, by: 1), tilted(other, by: 1))
            advance(by: tilted(trial, by: 1))
            (best, other) = (tilted(best, by: -1), tilted(other, by: -1))
        } else {
            advance(by: trial)
        }
        if isBracketed {
            if abs(other.step - best.step) >= 0.66 * widths.before { step = best.step + 0.5 * (other.step - best.step) }
            widths = (abs(other.step - best.step), widths.last)
            bounds = (min(best.step, other.step), max(best.step, other.step))
        } else {
            bounds = (step + 1.1 * (step - best.step), step + 4 * (step - best.step))
        }
        step = min(max(step, 0), limit)
        if isBracketed, step <= bounds.low || step >= bounds.high || isNarrow { step = best.step }
        return .step(step)
    }

    private var isNarrow: Bool { bounds.high - bounds.low <= Self.resolution * bounds.high }

    /// A safeguarded step from cubic and quadratic interpolation, and the new interval (dcstep).
    private mutating func advance(by trial: Trial) {
        let isOpposite = trial.slope * (best.slope < 0 ? -1 : 1) < 0
        let secant = trial.step + trial.slope / (trial.slope - best.slope) * (best.step - trial.step)
        let next: Double
        if trial.value > best.value {
            // A higher value: the minimum is bracketed; the cubic step where it is closer to the best one.
            let cubic = Cubic(from: best, to: trial, isForward: trial.step > best.step).step
            let gap = trial.step - best.step
            let quadratic = best.step + best.slope / ((best.value - trial.value) / gap + best.slope) / 2 * gap
            next =
                abs(cubic - best.step) < abs(quadratic - best.step) ? cubic : cubic + (quadratic - cubic) / 2
            isBracketed = true
        } else if isOpposite {
            // Slopes of opposite sign: bracketed as well.
            let cubic = Cubic(from: trial, to: best, isForward: trial.step <= best.step).step
            next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
            isBracketed = true
        } else if abs(trial.slope) < abs(best.slope) {
            // The slope decreases: the cubic may have no minimum, or one beyond the bounds.
            let fit = Cubic(from: trial, to: best, isForward: trial.step <= best.step)
            let cubic: Double =
                if fit.ratio < 0, fit.gamma != 0 { fit.step } else { trial.step > best.step ? bounds.high : bounds.low }
            let isCloser = abs(cubic - trial.step) < abs(secant - trial.step)
            if isBracketed {
                let most = trial.step + 0.66 * (other.step - trial.step)
                let wanted = isCloser ? cubic : secant
                next = trial.step > best.step ? min(most, wanted) : max(most, wanted)
            } else {
                next = min(max(isCloser ? secant : cubic, bounds.low), bounds.high)
            }
        } else if isBracketed {
            next = Cubic(from: trial, to: other, isForward: trial.step <= other.step).step
        } else {
            next = trial.step > best.step ? bounds.high : bounds.low
        }
        if trial.value > best.value {
            other = trial
        } else {
            if isOpposite { other = best }
            best = trial
        }
        step = next
    }

    /// The minimiser of the cubic through two trials.
    private struct Cubic {
        let gamma: Double
        /// How far from the first to the second the minimiser lies.
        let ratio: Double
        let step: Double

        init(from a: Trial, to b: Trial, isForward: Bool) {
            let theta = 3 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope
            let size = max(abs(theta), abs(a.slope), abs(b.slope))
            guard size > 0 else {
                (gamma, ratio, step) = (0, 0, a.step)
                return
            }
            let square = theta / size * (theta / size) - a.slope / size * (b.slope / size)
            let root = size * max(0, square).squareRoot()
            gamma = isForward ? root : -root
            ratio = (gamma - a.slope + theta) / (gamma - a.slope + gamma + b.slope)
            step = a.step + ratio * (b.step - a.step)
        }
    }
}
