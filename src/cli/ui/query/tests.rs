//! Queries over a small answer, as az's engine answers them.

use serde_json::{Value, json};

use super::{
    super::json as out,
    Expression,
    error::{EvaluationError, SyntaxError},
};

fn answer() -> Value {
    json!({
        "value": [
            {"name": "b", "sku": {"name": "Basic"}, "size": 10, "tags": ["x", "y"], "on": true},
            {"name": "a", "sku": {"name": "Premium"}, "size": 2.5, "tags": [], "on": false},
            {"name": "c", "sku": null, "size": 7, "tags": ["z", ["w"]], "on": null}
        ],
        "zones": {"two": 2, "one": 1},
        "odd name": "é😀",
        "empty": ""
    })
}

/// The answer as JSON on one line.
fn ask(query: &str) -> String {
    let answer = answer();
    let expression = Expression::parse(query).unwrap();
    let data = expression
        .search(&answer)
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    let value: Value = serde_json::from_str(&out::render(&data)).unwrap();
    value.to_string()
}

fn fail(query: &str) -> EvaluationError {
    let answer = answer();
    let expression = Expression::parse(query).unwrap();
    expression.search(&answer).unwrap_err()
}

fn check(cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        assert_eq!(ask(query), *expected, "{query}");
    }
}

#[test]
fn paths() {
    check(&[
        ("zones.one", "1"),
        ("\"odd name\"", "\"é😀\""),
        ("\"odd\\u0020name\"", "\"é😀\""),
        ("value[0].name", "\"b\""),
        ("value[-1].name", "\"c\""),
        ("value[7]", "null"),
        ("value[-4]", "null"),
        ("name.none", "null"),
        ("empty[0]", "null"),
        ("@.zones | one", "1"),
        (" zones\n.\ttwo ", "2"),
    ]);
}

#[test]
fn slices() {
    check(&[
        ("value[1:].name", r#"["a","c"]"#),
        ("value[::-1].name", r#"["c","a","b"]"#),
        ("value[-2:9].name", r#"["a","c"]"#),
        ("value[5:0:-2].name", r#"["c"]"#),
        ("value[:0]", "[]"),
        ("value[0].tags[:1]", r#"["x"]"#),
    ]);
    assert_eq!(fail("value[::0]"), EvaluationError::ZeroStep);
}

#[test]
fn a_slice_after_an_index_is_no_projection() {
    let nested = json!([[{"a": 1}]]);
    let plain = Expression::parse("[0][:].a").unwrap();
    assert!(plain.search(&nested).unwrap().is_null());
    let projected = Expression::parse("[0] | [:].a").unwrap();
    assert_eq!(
        out::render(&projected.search(&nested).unwrap()),
        "[\n  1\n]\n"
    );
}

#[test]
fn projections() {
    check(&[
        ("value[].name", r#"["b","a","c"]"#),
        ("value[*].sku.name", r#"["Basic","Premium"]"#),
        ("value[].tags[]", r#"["x","y","z",["w"]]"#),
        ("value[].tags[][]", r#"["x","y","z","w"]"#),
        ("value[*].tags[0]", r#"["x","z"]"#),
        ("value[*].tags | [0]", r#"["x","y"]"#),
        ("zones.*", "[2,1]"),
        ("value[*].sku.*", r#"[["Basic"],["Premium"]]"#),
        ("zones[]", "null"),
        ("zones[*]", "null"),
        ("value.*", "null"),
    ]);
}

#[test]
fn filters_and_truth() {
    check(&[
        ("value[?on].name", r#"["b"]"#),
        ("value[?!on].name", r#"["a","c"]"#),
        ("value[?tags].name", r#"["b","c"]"#),
        ("value[?size > `5` && name != 'c'].name", r#"["b"]"#),
        (
            "value[?sku.name == 'Premium' || on == `true`].name",
            r#"["b","a"]"#,
        ),
        ("value[?sku == `null`].name", r#"["c"]"#),
        ("value[?size >= `2.5`] | length(@)", "3"),
        ("value[?name < 'b'].name", r#"["a"]"#),
        ("empty || zones.one", "1"),
        ("empty && zones.one", "\"\""),
        ("!`0`", "false"),
        ("`0` && `1`", "1"),
        ("tags < `1`", "null"),
    ]);
}

#[test]
fn equality_is_pythons() {
    check(&[
        ("`1` == `1.0`", "true"),
        ("`1` == `true`", "false"),
        ("`[1]` == `[true]`", "true"),
        ("contains(`[1]`, `true`)", "true"),
        ("`{\"a\": 1, \"b\": 2}` == `{\"b\": 2, \"a\": 1}`", "true"),
        (
            "{a: zones.one, b: zones.two} == {b: zones.two, a: zones.one}",
            "false",
        ),
        ("`9007199254740993` == `9007199254740992.0`", "false"),
    ]);
}

#[test]
fn literals() {
    check(&[
        ("'it\\'s'", "\"it's\""),
        ("'a\\n'", r#""a\\n""#),
        ("`a\\`b`", "\"a`b\""),
        ("` bare`", "\"bare\""),
        ("`[1, {\"k\": null}]`", r#"[1,{"k":null}]"#),
        ("``", "\"\""),
    ]);
}

#[test]
fn what_a_query_builds() {
    check(&[
        ("value[*].[name, size]", r#"[["b",10],["a",2.5],["c",7]]"#),
        (
            "value[0].{n: name, s: sku.name}",
            r#"{"n":"b","s":"Basic"}"#,
        ),
        ("none.{n: name}", "null"),
        ("none.[name]", "null"),
        ("{a: zones.one b: zones.two}", r#"{"a":1,"b":2}"#),
        ("{a: zones.one, a: zones.two}", r#"{"a":2}"#),
    ]);
}

#[test]
fn functions_on_numbers() {
    check(&[
        ("abs(`-3`)", "3"),
        ("avg(value[].size)", "6.5"),
        ("avg(`[]`)", "null"),
        ("sum(value[].size)", "19.5"),
        ("sum(`[]`)", "0"),
        ("ceil(`1.2`)", "2"),
        ("floor(`-1.2`)", "-2"),
        ("max(value[].size)", "10"),
        ("min(`[\"b\", \"a\"]`)", "\"a\""),
        ("max(`[]`)", "null"),
        ("to_number('1_0')", "10"),
        ("to_number('1.0')", "1.0"),
        ("to_number('x')", "null"),
        ("to_number(`true`)", "null"),
    ]);
}

#[test]
fn functions_on_text() {
    check(&[
        ("length(\"odd name\")", "2"),
        ("reverse(\"odd name\")", "\"😀é\""),
        ("contains('abc', 'bc')", "true"),
        ("starts_with('abc', 'ab')", "true"),
        ("ends_with('abc', 'ab')", "false"),
        ("join('-', value[].name)", "\"b-a-c\""),
        (
            "to_string(`{\"b\": [1.0, null], \"a\": \"é😀\"}`)",
            r#""{\"b\":[1.0,null],\"a\":\"\\u00e9\\ud83d\\ude00\"}""#,
        ),
        ("to_string('x')", "\"x\""),
    ]);
}

#[test]
fn functions_on_containers() {
    check(&[
        ("keys(zones)", r#"["two","one"]"#),
        ("values(zones)", "[2,1]"),
        ("length(zones)", "2"),
        ("sort(value[].name)", r#"["a","b","c"]"#),
        ("sort_by(value, &size)[].name", r#"["a","c","b"]"#),
        (
            "sort_by(value, &sku.name || 'z')[*].name",
            r#"["b","a","c"]"#,
        ),
        ("max_by(value, &size).name", "\"b\""),
        ("min_by(value, &name).name", "\"a\""),
        ("min_by(`[]`, &name)", "null"),
        ("map(&sku.name, value)", r#"["Basic","Premium",null]"#),
        ("merge(zones, {one: `9`})", r#"{"one":9,"two":2}"#),
        ("not_null(none, empty, zones)", "\"\""),
        ("reverse(value)[0].name", "\"c\""),
        ("to_array(empty)", r#"[""]"#),
        ("to_array(value[0].tags)", r#"["x","y"]"#),
        ("value[].type(on)", r#"["boolean","boolean","null"]"#),
        (
            "[type(value), type(zones), type(empty), type(`1`)]",
            r#"["array","object","string","number"]"#,
        ),
    ]);
}

#[test]
fn misused_functions_say_how() {
    for (query, message) in [
        ("nope(@)", "there is no function nope()"),
        ("abs()", "abs() takes 1 argument, not 0"),
        ("not_null()", "not_null() takes at least 1 argument, not 0"),
        ("abs('x')", "abs() works on a number, not on a string"),
        (
            "sum(`[1, true]`)",
            "sum() works on an array of numbers, not on an array with a boolean",
        ),
        (
            "sort(`[1, \"a\"]`)",
            "sort() works on an array of numbers or of strings, not on an array with a string",
        ),
        (
            "length(&name)",
            "length() works on an array, a string or an object, not on an expression",
        ),
        (
            "map(name, value)",
            "map() works on an expression that starts with `&`, not on null",
        ),
        (
            "sort_by(value, &sku)",
            "sort_by() works on keys that are numbers or strings, not on an object",
        ),
        (
            "contains('1', `1`)",
            "contains() works on a string to be found in a string, not on a number",
        ),
        (
            "value[?name > `1`]",
            "a string and a number have no order, `>` needs two of a kind",
        ),
    ] {
        assert_eq!(fail(query).to_string(), message, "{query}");
    }
}

#[test]
fn a_function_that_is_never_reached_is_no_error() {
    check(&[("value[?size > `99`].nope(@)", "[]")]);
}

#[test]
fn bad_syntax_is_told_with_its_place() {
    for (query, problem, column) in [
        (
            "value[",
            "the query breaks off where a number, `:` or `*` should follow",
            6,
        ),
        (
            "value[0",
            "the query breaks off where a closing `]` should follow",
            7,
        ),
        ("value]", "the end of the query should stand here", 5),
        (
            "a.",
            "the query breaks off where a name, `*`, `[` or `{` should follow",
            2,
        ),
        ("é", "`é` means nothing here", 0),
        ("'é' #", "`#` means nothing here", 4),
        ("a = b", "a single `=` compares nothing, write `==`", 2),
        ("'open", "the closing ' is missing", 0),
        (
            "a[?b",
            "the query breaks off where a closing `]` should follow",
            4,
        ),
        ("\"f\"(@)", "the name of a function is not quoted", 0),
        ("a.b | 'x'(@)", "only a name can be called", 9),
        ("{a}", "`:` should stand here", 2),
        ("`\"a`", "the literal is not JSON", 0),
        (
            "[",
            "the query breaks off where an expression should follow",
            1,
        ),
        ("&a", "`&` may only start an argument of a function", 0),
        ("[1:2:3:4]", "a number, `:` or `]` should stand here", 6),
        ("a*", "an operator should stand here", 1),
        ("-", "`-` must be followed by a number", 0),
    ] {
        let expected = SyntaxError::At {
            problem: problem.to_owned(),
            column,
            expression: query.to_owned(),
        };
        assert_eq!(Expression::parse(query).unwrap_err(), expected, "{query}");
    }
    assert_eq!(Expression::parse("").unwrap_err(), SyntaxError::Empty);
}

#[test]
fn the_place_is_drawn_under_the_query() {
    let message = Expression::parse("a.'b'").unwrap_err().to_string();
    assert_eq!(
        message,
        "a name, `*`, `[` or `{` should stand here, at column 3 of the query:\n  a.'b'\n    ^"
    );
}

#[test]
fn hostile_depth_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("{a:", "}"),
        ("to_array(", ")"),
    ] {
        let nested = |depth: usize| format!("{}@{}", open.repeat(depth), close.repeat(depth));
        let deep = Expression::parse(&nested(120)).unwrap();
        deep.search(&Value::Null).unwrap();
        assert!(Expression::parse(&nested(20_000)).is_err(), "{open}");
    }
    let chain = format!("@{}", " || @".repeat(4_000));
    assert!(
        Expression::parse(&chain)
            .unwrap()
            .search(&Value::Null)
            .unwrap()
            .is_null()
    );
    assert!(Expression::parse(&format!("@{}", "[]".repeat(100_000))).is_err());
}
