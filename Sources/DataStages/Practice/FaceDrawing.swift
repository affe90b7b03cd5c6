// A face as a picture: what the pose says, in the actor's shape and colours, from back to front. Lengths are in halves of the
// face's height from its centre, y downwards; `depth` says how far a part lies in front of the axis that the head turns on.

/// Draws the frames of an actor.
struct FaceDrawing {
    private let face: PracticeFace
    private var canvas: Canvas
    /// What does not move: the wall, the shoulders and the neck.
    private var still = [UInt8]()
    /// Pixels in half a face's height.
    private let unit: Float
    private let centre: PicturePoint
    private var pose = FacePose()
    /// The sine and the cosine of the angle by which the head leans.
    private var lean = SIMD2(0.0, 1.0)

    init(_ face: PracticeFace, width: Int, height: Int) {
        self.face = face
        let tall = Float(height)
        unit = Float(face.size) * tall
        centre = PicturePoint(Float(width) / 2 + Float(face.place.x) * tall, (0.5 + Float(face.place.y)) * tall)
        canvas = Canvas(width: width, height: height)
        canvas.shade(from: face.background.top, to: face.background.bottom)
        body()
        still = canvas.bytes
    }

    /// Three bytes a pixel, row by row.
    var picture: [UInt8] { canvas.bytes }

    mutating func draw(_ pose: FacePose) {
        canvas.restore(still)
        self.pose = pose
        lean = SIMD2(sine(turns: pose.roll), cosine(turns: pose.roll))
        if face.hair == .long { longHair() }
        ears()
        skin()
        nose()
        for side in [-1.0, 1.0] {
            eye(side)
            brow(side)
        }
        mouth()
        hair()
        if face.hasGlasses { glasses() }
    }

    // MARK: Places and tools

    /// Where a point of the head is in the picture.
    private func place(_ x: Double, _ y: Double, depth: Double = 1) -> PicturePoint {
        let (turnedX, turnedY) = (x + 0.13 * pose.yaw * (0.4 + depth), y - 0.11 * pose.pitch * (0.4 + depth))
        // Leans about the neck.
        let below = turnedY - 1.1
        let point = PicturePoint(
            Float(turnedX * lean.y - below * lean.x), Float(turnedX * lean.x + below * lean.y + 1.1))
        return centre + unit * point
    }

    /// A curve through three points, bent evenly.
    private func curve(
        _ from: SIMD2<Double>, _ middle: SIMD2<Double>, _ to: SIMD2<Double>, depth: Double = 1, steps: Int = 10
    ) -> [PicturePoint] {
        let control = 2 * middle - (from + to) / 2
        return (0...steps).map { step in
            let t = Double(step) / Double(steps)
            let point = (1 - t) * (1 - t) * from + 2 * t * (1 - t) * control + t * t * to
            return place(point.x, point.y, depth: depth)
        }
    }

    private func oval(_ x: Double, _ y: Double, _ radii: SIMD2<Double>, depth: Double = 1, points: Int = 24)
        -> [PicturePoint]
    {
        (0..<points).map { index in
            let turns = Double(index) / Double(points)
            return place(x + radii.x * cosine(turns: turns), y + radii.y * sine(turns: turns), depth: depth)
        }
    }

    private mutating func line(
        _ points: [PicturePoint], _ width: (Double, Double, Double), _ colour: Colour, opacity: Double = 1
    ) {
        if opacity < 0.01 { return }
        canvas.stroke(
            points, width: (Float(width.0) * unit, Float(width.1) * unit, Float(width.2) * unit), colour,
            opacity: Float(min(opacity, 1)))
    }

    private var fold: Colour { face.skin.times(0.62) }

    /// How far the chin is below its place.
    private var drop: Double { 0.13 * pose.expression[.jaw] + 0.12 * pose.opening }

    // MARK: From back to front

    private mutating func body() {
        let shoulders = (0...24).map { step -> PicturePoint in
            let turns = 0.5 + Double(step) / 48
            return place(1.35 * cosine(turns: turns), 1.86 + 0.62 * sine(turns: turns), depth: -0.4)
        }
        canvas.fill(shoulders + [place(1.35, 4, depth: -0.4), place(-1.35, 4, depth: -0.4)], face.clothes)
        let wide = 0.52 * face.width
        let neck = [
            place(-wide, 0.6), place(wide, 0.6), place(wide * 1.15, 1.31), place(0, 1.56), place(-wide * 1.15, 1.31),
        ]
        canvas.fill(neck, face.skin.times(0.8))
    }

    private mutating func longHair() {
        let wide = face.width * 1.22
        let top = (0...20).map { step -> PicturePoint in
            let turns = 0.5 + Double(step) / 40
            return place(wide * cosine(turns: turns), -0.08 + 1.05 * sine(turns: turns), depth: -0.2)
        }
        let ends = curve([wide * 1.06, 0.75], [wide * 1.02, 1.05], [wide * 0.7, 1.2], depth: -0.3)
        let others = curve([-wide * 0.7, 1.2], [-wide * 1.02, 1.05], [-wide * 1.06, 0.75], depth: -0.3)
        canvas.fill(top + ends + others, face.hairColour.times(0.85))
    }

    private mutating func ears() {
        if face.hair == .long { return }
        for side in [-1.0, 1.0] {
            canvas.fill(
                oval(side * face.width * 0.99, 0.06, SIMD2(0.09, 0.17), depth: -0.1, points: 18), face.skin.times(0.9))
        }
    }

    private func outline(_ scale: Double, _ shift: Double) -> [PicturePoint] {
        (0..<56).map { index in
            let turns = Double(index) / 56
            let (x, y) = (cosine(turns: turns), sine(turns: turns))
            let low = max(y, 0)
            // A jaw is rounder than an ellipse's end.
            let wide = face.width * x * (1 - face.taper * low * low * low) * (1 + 0.12 * low * (1 - low))
            return place(scale * wide + shift, scale * y * (1 + drop * low), depth: 0.1)
        }
    }

    private mutating func skin() {
        canvas.fill(outline(1, 0), face.skin.times(0.84))
        canvas.fill(outline(0.95, -0.015), face.skin)
        let chin = 1 + drop
        if face.beard > 0 {
            let beard = (0...24).map { step -> PicturePoint in
                let turns = Double(step) / 48
                let (x, y) = (cosine(turns: turns), sine(turns: turns))
                return place(
                    0.97 * face.width * x * (1 - face.taper * y * y * y), 0.22 + (chin * 0.985 - 0.22) * y, depth: 0.4)
            }
            canvas.fill(
                beard + curve([-0.8 * face.width, 0.3], [0, 0.46], [0.8 * face.width, 0.3], depth: 0.6),
                face.hairColour.mixed(face.skin, 0.25), opacity: face.beard)
        }
        // The raised cheek, its fold beside the mouth, and the shade below the lower lip.
        let now = pose.expression
        for side in [-1.0, 1.0] {
            let up = 0.07 * now[.cheek]
            canvas.fill(
                oval(side * 0.37, 0.3 - up, SIMD2(0.16, 0.13)), face.skin.mixed(Colour(214, 96, 84), 0.4),
                opacity: Float(0.25 + 0.3 * max(now[.cheek], 0)))
            line(
                curve([side * 0.24, 0.2 - up / 2], [side * 0.36, 0.22 - up / 2], [side * 0.46, 0.16 - up / 2]),
                (0.01, 0.022, 0.01), fold, opacity: 0.5 * now[.cheek])
            let corner = 0.1 * max(now[.lipCorner], 0) + 0.06 * now[.lipStretcher]
            let deep = 0.12 + 0.5 * max(now[.lipCorner], 0) + 0.55 * now[.noseWrinkler] + 0.4 * now[.upperLip]
            line(
                curve(
                    [side * (face.noseWidth + 0.03), 0.33 - 0.05 * now[.noseWrinkler]],
                    [side * (0.27 + corner), 0.42], [side * (0.34 + corner), face.mouthHeight]),
                (0.012, 0.024, 0.012), fold, opacity: deep)
        }
        line(
            curve([-0.1, chin - 0.17], [0, chin - 0.2], [0.1, chin - 0.17], depth: 0.8), (0.01, 0.03, 0.01), fold,
            opacity: 0.35)
    }

    private mutating func nose() {
        let now = pose.expression
        let wrinkle = now[.noseWrinkler]
        let bottom = -0.05 + face.noseLength - 0.05 * wrinkle
        let wide = face.noseWidth * (1 + 0.15 * wrinkle)
        // One side in the shade.
        canvas.fill(
            [
                place(0.05, -0.12), place(0.07, 0.1, depth: 1.3), place(wide, bottom - 0.05, depth: 1.3),
                place(wide * 0.9, bottom + 0.02, depth: 1.3), place(0.02, bottom, depth: 1.6),
            ], face.skin.times(0.8), opacity: 0.6)
        line(
            curve([-wide, bottom - 0.03], [0, bottom + 0.045], [wide, bottom - 0.03], depth: 1.4),
            (0.022, 0.02, 0.022), fold, opacity: 0.8)
        for side in [-1.0, 1.0] {
            canvas.fill(
                oval(side * wide * 0.52, bottom, SIMD2(0.038, 0.022), depth: 1.4, points: 12), face.skin.times(0.35),
                opacity: 0.85)
            line(
                curve(
                    [side * wide * 0.95, bottom - 0.11], [side * wide * 1.12, bottom - 0.05], [side * wide, bottom]),
                (0.012, 0.02, 0.012), fold, opacity: 0.5)
        }
        for row in 0..<3 {
            let y = -0.06 + 0.055 * Double(row)
            line(
                curve([-0.1, y + 0.025], [0, y], [0.1, y + 0.025], depth: 1.2), (0.01, 0.02, 0.01), fold,
                opacity: 0.85 * wrinkle - 0.1)
        }
    }

    private mutating func eye(_ side: Double) {
        let now = pose.expression
        let x = side * face.eyeDistance
        let y = -0.05
        let wide = face.eyeWidth
        let shut = 1 - pose.blink
        let open = face.eyeHeight * (1 + 0.62 * now[.upperLid] - 0.22 * now[.lidTightener] - 0.12 * now[.cheek])
        let upper = y - max(open, 0.012) * shut + 0.02 * pose.blink
        let lower =
            y + face.eyeHeight * (0.62 - 0.42 * now[.lidTightener] - 0.34 * now[.cheek]) * shut + 0.02 * pose.blink
        let (inner, outer) = (SIMD2(x - side * wide, y + 0.018), SIMD2(x + side * wide, y - 0.012))
        let above = curve(inner, SIMD2(x, upper), outer, steps: 12)
        let below = curve(outer, SIMD2(x, max(lower, upper + 0.012)), inner, steps: 12)
        let lens = above + below.dropFirst().dropLast()
        // The socket, darker where the brow comes down.
        canvas.fill(
            oval(x, y - 0.045, SIMD2(wide * 1.2, 0.13)), face.skin.times(0.78),
            opacity: Float(0.3 + 0.25 * now[.browLowerer]))
        canvas.fill(lens, Colour(238, 236, 232))
        let radius = face.eyeHeight * 1.02
        let gaze = SIMD2(0.025 * pose.yaw, 0.016 * max(-now[.headUp], 0))
        for (size, colour) in [(radius, face.iris), (radius * 0.48, Colour(16, 14, 14))] {
            canvas.fill(
                clipped(oval(x - gaze.x, y - 0.006 + gaze.y, SIMD2(size, size), points: 20), to: lens), colour)
        }
        let glint = 0.016
        canvas.fill(
            clipped(oval(x - 0.025, y - 0.03, SIMD2(glint, glint), points: 10), to: lens), Colour(250, 250, 250))
        line(above, (0.016, 0.032, 0.024), face.hairColour.times(0.5))
        line(below, (0.012, 0.014, 0.01), fold, opacity: 0.7)
        // The fold of the upper lid, and the bag that a tight lower lid makes.
        line(
            curve(
                inner + SIMD2(side * 0.02, -0.05), SIMD2(x, upper - 0.045), outer + SIMD2(0, -0.045)),
            (0.01, 0.016, 0.01), fold, opacity: 0.45)
        line(
            curve(inner + SIMD2(0, 0.05), SIMD2(x, lower + 0.06), outer + SIMD2(0, 0.06)), (0.01, 0.018, 0.01), fold,
            opacity: 0.15 + 0.45 * now[.lidTightener])
    }

    private mutating func brow(_ side: Double) {
        let now = pose.expression
        let y = face.browHeight
        let low = 0.085 * now[.browLowerer] + 0.04 * now[.noseWrinkler]
        let inner = SIMD2(side * (0.15 - 0.045 * now[.browLowerer]), y - 0.115 * now[.innerBrow] + low + 0.02)
        let middle = SIMD2(
            side * 0.32, y - face.browTilt - 0.03 - 0.045 * now[.innerBrow] - 0.085 * now[.outerBrow] + 0.7 * low)
        let outer = SIMD2(side * 0.49, y - face.browTilt - 0.11 * now[.outerBrow] + 0.45 * low + 0.03)
        let thick = face.browThickness
        line(
            curve(inner, middle, outer), (thick, thick, thick * 0.45), face.hairColour.times(0.75), opacity: 0.92)
        // Between the brows, and across the forehead.
        line(
            curve(
                [side * 0.05, y - 0.05 + low], [side * 0.04, y + 0.01 + low], [side * 0.055, y + 0.07 + low]),
            (0.012, 0.024, 0.012), fold, opacity: 0.8 * now[.browLowerer] - 0.05)
        if side > 0 {
            for row in 0..<2 {
                let height = y - 0.16 - 0.08 * Double(row) - 0.05 * now[.innerBrow]
                line(
                    curve(
                        [-0.32, height + 0.02 - 0.03 * now[.outerBrow]], [0, height - 0.02 * now[.innerBrow]],
                        [0.32, height + 0.02 - 0.03 * now[.outerBrow]], depth: 0.8),
                    (0.01, 0.02, 0.01), fold, opacity: 0.35 * (now[.innerBrow] + now[.outerBrow]) - 0.15)
            }
        }
    }

    private mutating func mouth() {
        let now = pose.expression
        let smile = max(now[.lipCorner], 0)
        let frown = max(-now[.lipCorner], 0)
        let gape = 0.17 * now[.jaw] + 0.17 * pose.opening
        let rounded = max(-pose.spread, 0)
        let spread = max(pose.spread, 0)
        let y = face.mouthHeight
        let wide =
            face.mouthWidth
            * (1 + 0.26 * smile + 0.26 * now[.lipStretcher] + 0.08 * spread - 0.22 * rounded - 0.1 * gape - 0.06 * frown
                - 0.08 * now[.lipPressor])
        let cornerY =
            y - 0.11 * smile + 0.095 * frown + 0.045 * now[.lipStretcher] + 0.3 * gape * (1 - 0.5 * smile)
        let press = 1 - 0.65 * min(now[.lipPressor], 1)
        let full = face.lipFullness * press * (1 - 0.25 * smile - 0.2 * now[.lipStretcher] + 0.25 * rounded)
        // The inner edges of the lips in the middle, then the outer ones.
        let top = y - 0.055 * now[.upperLip] - 0.02 * now[.noseWrinkler] + 0.02 * smile - 0.02 * frown
        let bottom = max(y + gape + 0.02 * smile - 0.02 * frown + 0.03 * now[.upperLip], top + 0.004)
        let (left, right) = (SIMD2(-wide, cornerY), SIMD2(wide, cornerY))
        let upperEdge = curve(left, SIMD2(0, top), right, depth: 1.1, steps: 14)
        let lowerEdge = curve(right, SIMD2(0, bottom), left, depth: 1.1, steps: 14)
        let opening = upperEdge + lowerEdge.dropFirst().dropLast()
        let peak = top - full
        let bow =
            [left] + [SIMD2(-wide * 0.22, peak - 0.012), SIMD2(0, peak + 0.012), SIMD2(wide * 0.22, peak - 0.012)] + [
                right
            ]
        let upperLip =
            curve(bow[0], (bow[0] + bow[1]) / 2 + SIMD2(0, -0.012), bow[1], depth: 1.1, steps: 5)
            + [place(bow[2].x, bow[2].y, depth: 1.1)]
            + curve(bow[3], (bow[3] + bow[4]) / 2 + SIMD2(0, -0.012), bow[4], depth: 1.1, steps: 5)
        let lowerLip = curve(right, SIMD2(0, bottom + full * 1.25), left, depth: 1.1, steps: 14)
        canvas.fill(upperLip + lowerEdge, face.lips.times(0.9))
        canvas.fill(upperEdge + lowerLip, face.lips)
        canvas.fill(opening, Colour(58, 22, 24))
        let teeth = curve(
            SIMD2(-wide * 0.85, cornerY), SIMD2(0, top + 0.02 + 0.045 * (smile + now[.upperLip] + now[.lipStretcher])),
            SIMD2(wide * 0.85, cornerY), depth: 1.1, steps: 14)
        canvas.fill(
            clipped(opening, to: teeth.reversed() + [place(-wide, -0.2), place(wide, -0.2)]), Colour(232, 228, 218))
        if gape > 0.06 {
            canvas.fill(
                clipped(oval(0, bottom, SIMD2(wide * 0.5, gape * 0.38), depth: 1.1), to: opening), Colour(170, 80, 82))
        }
        // The line between the lips, deeper at the corners.
        line(upperEdge, (0.022, 0.012, 0.022), Colour(70, 28, 28), opacity: 0.75)
        line(
            curve(
                [-wide * 0.45, bottom + full * 1.25 + 0.05], [0, bottom + full * 1.25 + 0.035],
                [wide * 0.45, bottom + full * 1.25 + 0.05], depth: 1),
            (0.01, 0.028, 0.01), fold, opacity: 0.45)
    }

    private mutating func hair() {
        let wide = face.width * (face.hair == .bald ? 1.0 : 1.06)
        let top = (0...28).map { step -> PicturePoint in
            let turns = 0.5 + Double(step) / 56
            return place(
                wide * cosine(turns: turns), -0.05 + (face.hair == .bald ? 0.96 : 1.03) * sine(turns: turns), depth: 0)
        }
        let line = face.hairline
        switch face.hair {
        case .bald:
            // Cropped at the sides.
            for side in [-1.0, 1.0] {
                canvas.fill(
                    [
                        place(side * wide, -0.02, depth: 0), place(side * wide * 0.97, -0.35, depth: 0),
                        place(side * wide * 0.82, -0.5, depth: 0.2), place(side * wide * 0.86, -0.1, depth: 0.2),
                    ], face.hairColour, opacity: 0.7)
            }
        case .short:
            let edge =
                [
                    place(wide * 0.9, -0.1, depth: 0.2), place(wide * 0.8, line + 0.12, depth: 0.5),
                ] + curve([wide * 0.7, line], [0, line - 0.06], [-wide * 0.7, line], depth: 0.6) + [
                    place(-wide * 0.8, line + 0.12, depth: 0.5), place(-wide * 0.9, -0.1, depth: 0.2),
                ]
            canvas.fill(top + edge, face.hairColour)
        case .parted:
            let edge =
                [place(wide * 0.93, -0.05, depth: 0.2)]
                + curve(
                    [wide * 0.84, line + 0.2], [wide * 0.5, line - 0.02], [-wide * 0.35, line - 0.12], depth: 0.6)
                + curve([-wide * 0.35, line - 0.12], [-wide * 0.7, line], [-wide * 0.9, line + 0.25], depth: 0.6)
                + [place(-wide * 0.93, -0.05, depth: 0.2)]
            canvas.fill(top + edge, face.hairColour)
        case .long:
            let edge =
                [place(wide * 1.04, 0.35, depth: 0), place(wide * 0.93, 0.3, depth: 0.2)]
                + curve([wide * 0.9, -0.1], [wide * 0.6, line + 0.08], [0, line - 0.1], depth: 0.6)
                + curve([0, line - 0.1], [-wide * 0.6, line + 0.08], [-wide * 0.9, -0.1], depth: 0.6)
                + [place(-wide * 0.93, 0.3, depth: 0.2), place(-wide * 1.04, 0.35, depth: 0)]
            canvas.fill(top + edge, face.hairColour)
        }
    }

    private mutating func glasses() {
        for side in [-1.0, 1.0] {
            let rim = oval(side * face.eyeDistance, -0.03, SIMD2(0.22, 0.17), depth: 1.1)
            line(rim + [rim[0], rim[1]], (0.022, 0.022, 0.022), Colour(40, 36, 40))
            line(
                [place(side * (face.eyeDistance + 0.22), -0.06), place(side * face.width, -0.08, depth: 0)],
                (0.02, 0.02, 0.02), Colour(40, 36, 40))
        }
        line(
            curve([-face.eyeDistance + 0.22, -0.05], [0, -0.08], [face.eyeDistance - 0.22, -0.05], depth: 1.2),
            (0.02, 0.02, 0.02), Colour(40, 36, 40))
    }
}
