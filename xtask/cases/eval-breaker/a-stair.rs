//! A stair of duties: each event says on which step to begin, and the first step with something to do wins.

use kit::eval_breaker::*;
use kit::gil::ThreadId;

pub fn is_switch_point(instruction: Instruction) -> bool {
    match instruction {
        Instruction::JumpBackward | Instruction::PopJumpBackwardIfTrue => true,
        Instruction::Call | Instruction::CallFunctionEx => true,
        Instruction::Resume(after) => after == After::Start || after == After::Yield,
        _ => false,
    }
}

pub fn breaker<S: Pending>(s: &S, me: ThreadId) -> bool {
    if s.is_main(me) && (s.signals() || s.calls()) {
        return true;
    }
    s.exception(me) || s.drop_request()
}

pub fn on_breaker<S: Pending>(s: &S, me: ThreadId, round: Round) -> Duty {
    let (first, made) = match round {
        Round::Begins => (0, 0),
        Round::HandlersRan(Outcome::Fine) => (1, 0),
        Round::CallMade { made, outcome: Outcome::Fine } => (2, made),
        Round::TookAgain => (4, 0),
        Round::HandlersRan(Outcome::Raised) => {
            s.set_signals(true);
            return Duty::GoOn;
        }
        Round::CallMade { outcome: Outcome::Raised, .. } => {
            s.set_calls(true);
            s.set_busy(false);
            return Duty::GoOn;
        }
    };
    for step in first..5 {
        match step {
            0 if s.is_main(me) && s.signals() => {
                s.set_signals(false);
                return Duty::RunHandlers;
            }
            1 if s.is_main(me) && s.calls() && !s.busy() && s.call_waits() => {
                s.set_calls(false);
                s.set_busy(true);
                return Duty::MakeCall;
            }
            // The flag without a call.
            1 if s.is_main(me) && s.calls() && !s.busy() => s.set_calls(false),
            2 if made > 0 && made < PENDING_CALLS && s.call_waits() => return Duty::MakeCall,
            2 if made > 0 => s.set_busy(false),
            3 if s.drop_request() => return Duty::LetGo,
            4 if s.exception(me) => return Duty::Raise,
            _ => {}
        }
    }
    Duty::GoOn
}

pub fn on_blocking<S: Pending>(s: &S, me: ThreadId, call: Blocking) -> Step {
    match call {
        Blocking::Begins => Step::LetGo,
        Blocking::CameBack => {
            let errno = s.errno();
            Step::Take { errno }
        }
        Blocking::TookAgain { errno } if errno != EINTR => Step::Return { errno },
        Blocking::TookAgain { .. } => {
            if s.is_main(me) {
                Step::RunHandlers
            } else {
                Step::LetGo
            }
        }
        Blocking::HandlersRan(outcome) => {
            if outcome == Outcome::Raised {
                Step::Raise
            } else {
                Step::LetGo
            }
        }
    }
}

kit::plug_eval_breaker!();
