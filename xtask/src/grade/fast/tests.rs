//! What closes the lane, and which texts are cargo's.

use super::*;

#[test]
fn settings_of_the_compiler_close_the_lane_and_others_do_not() {
    for name in ["RUSTFLAGS", "CARGO_PROFILE_DEV_DEBUG", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER"] {
        assert!(changes_compiling(name), "{name}");
    }
    for name in ["CARGO_TARGET_DIR", "CARGO_PKG_NAME", "CARGO", "PATH", "RUSTUP_TOOLCHAIN"] {
        assert!(!changes_compiling(name), "{name}");
    }
}

#[test]
fn a_file_of_settings_closes_the_lane_if_it_sets_flags() {
    assert!(sets_flags("[build]\nrustflags = [\"-Coverflow-checks=off\"]\n") && sets_flags("[profile.dev]\n"));
    assert!(!sets_flags("[registries.crates-io]\nprotocol = \"sparse\"\n[net]\noffline = true\n"));
}

#[test]
fn a_text_that_leads_outside_is_cargos() {
    for text in [
        "use super::*;",
        "fn f() { crate::part::g() }",
        "    extern crate alloc;",
        "#[path = \"../helper.rs\"]\nmod helper;",
        "const _: () = assert!(option_env!(\"CARGO_PKG_VERSION\").is_none());",
        "static TABLE: &str = include_str!(\"../table.txt\");",
        "//! Part.\n\n#![no_std]",
        "# ! [no_std]",
    ] {
        assert!(!stands_alone(text), "{text}");
    }
    let tests = "mod tests {\n    use super::*;\n}\n";
    for text in ["//! The path of a crate.\nuse kit::Memory;", "pub(crate) fn f() {}", "mod helper;", tests] {
        assert!(stands_alone(text), "{text}");
    }
}

/// Else every learner would wait for cargo.
#[test]
fn stubs_and_solutions_stand_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let course = Course::load(&root).unwrap();
    for exercise in &course.exercises {
        for text in [
            crate::generate::stub_text(exercise).unwrap(),
            files::read(&exercise.solution_dir().join("src/lib.rs")).unwrap(),
        ] {
            assert!(stands_alone(&text), "{}", exercise.id);
        }
    }
}

#[test]
fn a_change_of_length_or_time_is_seen() {
    let root = files::scratch("ground");
    let path = root.join("file");
    assert_eq!(looks(&path), "-");
    fs::write(&path, "one").unwrap();
    let first = looks(&path);
    fs::write(&path, "three").unwrap();
    assert_ne!(looks(&path), first);
    fs::remove_dir_all(root).unwrap();
}
