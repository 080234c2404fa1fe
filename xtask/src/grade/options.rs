//! The command line of `cargo xtask grade`.

use std::time::Duration;

use lexopt::Arg;

use crate::failure::Failure;

/// Who reads the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Junit,
}

/// Three limits of wall time, each of its own: a slow compiler does not eat a scenario's time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budgets {
    /// For compiling one exercise.
    pub(crate) build: Duration,
    /// For one scenario.
    pub(crate) scenario: Duration,
    /// For running all scenarios of all exercises.
    pub(crate) total: Duration,
}

impl Default for Budgets {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Budgets { build: seconds(120), scenario: seconds(2), total: seconds(120) }
    }
}

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) words: Vec<String>,
    pub(crate) solutions: bool,
    pub(crate) format: Format,
    pub(crate) all_details: bool,
    pub(crate) budgets: Budgets,
    pub(crate) seed: Option<u64>,
    /// The learner's progress is written down.
    pub(crate) record: bool,
    /// `watch` runs it, and says itself what comes next. It ends when its standard input does.
    pub(crate) watched: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            words: vec![],
            solutions: false,
            format: Format::Human,
            all_details: false,
            budgets: Budgets::default(),
            seed: None,
            record: true,
            watched: false,
        }
    }
}

impl Options {
    pub(crate) fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
        let mut options = Options::default();
        while let Some(arg) = args.next()? {
            match arg {
                Arg::Long("watched") => options.watched = true,
                Arg::Long("solutions") => options.solutions = true,
                Arg::Long("all-details") => options.all_details = true,
                Arg::Long("format") => options.format = format(&args.value()?.to_string_lossy())?,
                Arg::Long("budget-build") => options.budgets.build = seconds(&mut args)?,
                Arg::Long("budget-scenario") => options.budgets.scenario = seconds(&mut args)?,
                Arg::Long("budget-total") => options.budgets.total = seconds(&mut args)?,
                Arg::Long("seed") => options.seed = Some(number(&args.value()?.to_string_lossy())?),
                Arg::Value(word) => options.words.push(word.to_string_lossy().into_owned()),
                _ => return Err(arg.unexpected().into()),
            }
        }
        Ok(options)
    }
}

fn format(word: &str) -> Result<Format, Failure> {
    match word {
        "human" => Ok(Format::Human),
        "json" => Ok(Format::Json),
        "junit" => Ok(Format::Junit),
        _ => Err(Failure::Usage(format!("There is no format `{word}`. There are: human, json, junit."))),
    }
}

fn seconds(args: &mut lexopt::Parser) -> Result<Duration, Failure> {
    let word = args.value()?.to_string_lossy().into_owned();
    let given = word.parse::<f64>().ok().filter(|s| *s > 0.0 && *s <= 86_400.0);
    given.map(Duration::from_secs_f64).ok_or_else(|| {
        Failure::Usage(format!("`{word}` is no number of seconds. Write one above 0, such as 10 or 0.5."))
    })
}

fn number(word: &str) -> Result<u64, Failure> {
    word.parse()
        .map_err(|_| Failure::Usage(format!("`{word}` is no seed. Write a whole number, as the report names it.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Options, Failure> {
        Options::parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn everything_can_be_said() {
        let line = "pool 3 --watched --format json --all-details --budget-build 1 --budget-scenario 0.5 --budget-total 9 --seed 7";
        let o = parsed(&line.split(' ').collect::<Vec<_>>()).unwrap();
        assert_eq!(
            (o.words, o.format, o.all_details, o.solutions),
            (vec!["pool".into(), "3".into()], Format::Json, true, false)
        );
        assert!(o.watched);
        assert_eq!((o.budgets.scenario, o.seed), (Duration::from_millis(500), Some(7)));
    }

    #[test]
    fn nonsense_is_refused_with_a_remedy() {
        for (words, word) in [
            (&["--format", "xml"][..], "junit"),
            (&["--budget-total", "0"], "seconds"),
            (&["--budget-total", "nan"], "seconds"),
            (&["--budget-build", "1e300"], "seconds"),
            (&["--seed", "x"], "seed"),
            (&["--fly"], "--fly"),
        ] {
            let failure = parsed(words).unwrap_err();
            assert!(matches!(&failure, Failure::Usage(text) if text.contains(word)), "{failure}");
        }
    }
}
