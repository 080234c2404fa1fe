//! Everything that matters is read first; one match decides, and a second one writes.

use kit::eval_breaker::*;
use kit::gil::ThreadId;

const SWITCH_POINTS: [Instruction; 6] = [
    Instruction::JumpBackward,
    Instruction::PopJumpBackwardIfTrue,
    Instruction::Call,
    Instruction::CallFunctionEx,
    Instruction::Resume(After::Start),
    Instruction::Resume(After::Yield),
];

pub fn is_switch_point(instruction: Instruction) -> bool {
    SWITCH_POINTS.contains(&instruction)
}

pub fn breaker<S: Pending>(s: &S, me: ThreadId) -> bool {
    match (s.is_main(me), s.signals() | s.calls()) {
        (true, true) => true,
        _ => s.drop_request() | s.exception(me),
    }
}

pub fn on_breaker<S: Pending>(s: &S, me: ThreadId, round: Round) -> Duty {
    let main = s.is_main(me);
    let may_call = main && s.calls() && !s.busy();
    let duty = match round {
        Round::Begins if main && s.signals() => Duty::RunHandlers,
        Round::Begins | Round::HandlersRan(Outcome::Fine) if may_call && s.call_waits() => Duty::MakeCall,
        Round::CallMade { made, outcome: Outcome::Fine } if made < PENDING_CALLS && s.call_waits() => Duty::MakeCall,
        Round::HandlersRan(Outcome::Raised) | Round::CallMade { outcome: Outcome::Raised, .. } => Duty::GoOn,
        Round::TookAgain if s.exception(me) => Duty::Raise,
        Round::TookAgain => Duty::GoOn,
        _ if s.drop_request() => Duty::LetGo,
        _ if s.exception(me) => Duty::Raise,
        _ => Duty::GoOn,
    };
    match (round, duty) {
        (_, Duty::RunHandlers) => s.set_signals(false),
        (Round::Begins | Round::HandlersRan(Outcome::Fine), _) if may_call => {
            s.set_calls(false);
            if duty == Duty::MakeCall {
                s.set_busy(true);
            }
        }
        (Round::HandlersRan(Outcome::Raised), _) => s.set_signals(true),
        (Round::CallMade { outcome, .. }, _) if duty != Duty::MakeCall => {
            s.set_busy(false);
            if outcome == Outcome::Raised {
                s.set_calls(true);
            }
        }
        _ => {}
    }
    duty
}

pub fn on_blocking<S: Pending>(s: &S, me: ThreadId, call: Blocking) -> Step {
    let (main, errno) = (s.is_main(me), s.errno());
    match (call, main) {
        (Blocking::CameBack, _) => Step::Take { errno },
        (Blocking::TookAgain { errno: 4 }, true) => Step::RunHandlers,
        (Blocking::TookAgain { errno: 4 }, false) => Step::LetGo,
        (Blocking::TookAgain { errno }, _) => Step::Return { errno },
        (Blocking::HandlersRan(Outcome::Raised), _) => Step::Raise,
        (Blocking::Begins | Blocking::HandlersRan(Outcome::Fine), _) => Step::LetGo,
    }
}

kit::plug_eval_breaker!();
