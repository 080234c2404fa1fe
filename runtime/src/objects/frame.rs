//! # Frames
