//! # Driving `allocator`

use super::super::scenario::Scenario;
use super::{Stage, Stop};
use crate::config::Config;

pub(in super::super) fn drive<C: Config>(scenario: &Scenario, stage: &Stage<'_, C>) -> Result<(), Stop> {
    let _ = (scenario, stage.parts, stage.memory, stage.describe, stage.limit, stage.observer, stage.recorder, stage.serve);
    Ok(())
}
