//! # Arrows between boxes
//!
//! Straight where nothing is in the way, each to the left of the line between the middles, so that an arrow and the
//! one that comes back lie side by side; around the boxes between where something is.

/// A box that arrows begin and end at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BoxAt {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

type Point = (f64, f64);

/// From the line between the middles to an arrow, and between two arrows of the same pair.
const ASIDE: f64 = 8.0;
const NEXT: f64 = 10.0;
/// Between a box and an arrow's end.
const AIR: f64 = 2.0;

impl BoxAt {
    fn middle(self) -> Point {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// In the middle, so far below the upper side.
    pub fn line(self, below: f64) -> Point {
        (self.middle().0, self.y + below)
    }

    fn holds(self, (x, y): Point) -> bool {
        (self.x..=self.x + self.width).contains(&x) && (self.y..=self.y + self.height).contains(&y)
    }

    fn grown(self, by: f64) -> BoxAt {
        BoxAt { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }
}

/// The way of the `nth` arrow from one box to another, or to itself; the other boxes are in the way.
pub fn between(from: BoxAt, to: BoxAt, nth: usize, boxes: &[BoxAt]) -> Vec<Point> {
    let nth = nth as f64;
    if from == to {
        let (x, bottom) = (from.x + 16.0 + nth * 36.0, from.y + from.height);
        return vec![(x, bottom), (x, bottom + 14.0), (x + 24.0, bottom + 14.0), (x + 24.0, bottom + AIR)];
    }
    let ((ax, ay), (bx, by)) = (from.middle(), to.middle());
    let length = (bx - ax).hypot(by - ay);
    let (dx, dy) = ((bx - ax) / length, (by - ay) / length);
    let aside = ASIDE + nth * NEXT;
    let (start, end) = ((ax + dy * aside, ay - dx * aside), (bx + dy * aside, by - dx * aside));
    let points = along(start, end);
    let leaves = points.iter().rposition(|point| from.grown(AIR).holds(*point)).map_or(start, |at| points[at]);
    let enters = points.iter().position(|point| to.grown(AIR).holds(*point)).map_or(end, |at| points[at]);
    let others = || boxes.iter().filter(|other| **other != from && **other != to);
    let blocked = others().any(|other| points.iter().any(|point| other.grown(4.0).holds(*point)));
    if !blocked {
        return vec![leaves, enters];
    }
    if (ay - by).abs() < 1.0 {
        // Below the boxes of the row, and back in a lane of its own.
        let side = if bx > ax { 14.0 } else { -14.0 };
        let bottom = from.y + from.height;
        let lane = bottom + if bx > ax { 10.0 } else { 18.0 } + nth * 5.0;
        return vec![(ax + side, bottom), (ax + side, lane), (bx - side, lane), (bx - side, bottom + AIR)];
    }
    // Beside the boxes of the column.
    let right = from.x.max(to.x) + from.width;
    let lane = right + if by > ay { 8.0 } else { 15.0 } + nth * 5.0;
    let side = if by > ay { 10.0 } else { -10.0 };
    let (out, back) = (from.x + from.width, to.x + to.width);
    vec![(out, ay + side), (lane, ay + side), (lane, by - side), (back + AIR, by - side)]
}

/// Points on the way, close to one another.
fn along((ax, ay): Point, (bx, by): Point) -> Vec<Point> {
    const STEPS: usize = 400;
    let part = |step: usize| step as f64 / STEPS as f64;
    (0..=STEPS).map(|step| (ax + (bx - ax) * part(step), ay + (by - ay) * part(step))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> BoxAt {
        BoxAt { x, y, width: 100.0, height: 60.0 }
    }

    #[test]
    fn there_and_back_lie_side_by_side() {
        let (a, b) = (at(0.0, 0.0), at(150.0, 0.0));
        let (there, back) = (between(a, b, 0, &[a, b]), between(b, a, 0, &[a, b]));
        assert_eq!((there.len(), back.len()), (2, 2));
        assert!((there[0].1 - back[0].1).abs() > 12.0);
        assert!(there[0].0 >= 99.0 && there[1].0 <= 151.0, "{there:?}");
    }

    #[test]
    fn a_box_between_is_not_crossed() {
        let row = [at(0.0, 0.0), at(150.0, 0.0), at(300.0, 0.0)];
        for (from, to) in [(0, 2), (2, 0)] {
            let way = between(row[from], row[to], 0, &row);
            let crosses = way.windows(2).flat_map(|pair| along(pair[0], pair[1])).any(|point| row[1].holds(point));
            assert!(!crosses, "{way:?}");
        }
    }
}
