//! The breaker does not look at pending calls while some are being made: nothing could be done about them anyway. An
//! error is carried shifted by one, and one function finds the next duty.

use kit::eval_breaker::*;
use kit::gil::ThreadId;

pub fn is_switch_point(i: Instruction) -> bool {
    use Instruction::*;
    let jumps_back = matches!(i, JumpBackward | PopJumpBackwardIfTrue);
    let came_back = matches!(i, Call | CallFunctionEx);
    let frame = i == Resume(After::Start) || i == Resume(After::Yield);
    jumps_back || came_back || frame
}

pub fn breaker<S: Pending>(s: &S, me: ThreadId) -> bool {
    let for_main = s.signals() || s.calls() && !s.busy();
    [s.is_main(me) && for_main, s.drop_request(), s.exception(me)].contains(&true)
}

pub fn on_breaker<S: Pending>(s: &S, me: ThreadId, round: Round) -> Duty {
    println!("{me:?} at {round:?}");
    let mut made = 0;
    match round {
        Round::HandlersRan(Outcome::Raised) => {
            s.set_signals(true);
            return Duty::GoOn;
        }
        Round::CallMade { made: so_many, outcome } => {
            made = so_many;
            if outcome == Outcome::Raised {
                s.set_busy(false);
                s.set_calls(true);
                return Duty::GoOn;
            }
        }
        Round::TookAgain => return if s.exception(me) { Duty::Raise } else { Duty::GoOn },
        Round::Begins if s.is_main(me) && s.signals() => {
            s.set_signals(false);
            return Duty::RunHandlers;
        }
        Round::Begins | Round::HandlersRan(_) => {}
    }
    let goes_on = made > 0;
    if goes_on || s.is_main(me) && s.calls() && !s.busy() {
        if !goes_on {
            s.set_calls(false);
        }
        let more = s.call_waits() && made != PENDING_CALLS;
        s.set_busy(more);
        if more {
            return Duty::MakeCall;
        }
    }
    match (s.drop_request(), s.exception(me)) {
        (true, _) => Duty::LetGo,
        (false, true) => Duty::Raise,
        (false, false) => Duty::GoOn,
    }
}

pub fn on_blocking<S: Pending>(s: &S, me: ThreadId, call: Blocking) -> Step {
    match call {
        Blocking::CameBack => Step::Take { errno: s.errno() + 1 },
        Blocking::TookAgain { errno } if errno == EINTR + 1 && s.is_main(me) => Step::RunHandlers,
        Blocking::TookAgain { errno } if errno != EINTR + 1 => Step::Return { errno: errno - 1 },
        Blocking::HandlersRan(Outcome::Raised) => Step::Raise,
        _ => Step::LetGo,
    }
}

kit::plug_eval_breaker!();
