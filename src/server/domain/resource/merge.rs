//! PATCH: a JSON merge in which tags are replaced whole.

use serde_json::Value;

/// Lays a patch over a stored body. Objects are merged member by member, everything else is
/// replaced; null stays, for whoever resolves the result to read as "back to the default".
/// `tags` of the resource are one value, as in Azure.
pub fn merge_patch(mut stored: Value, patch: Value) -> Value {
    if let (Value::Object(target), Value::Object(patch)) = (&mut stored, patch) {
        for (name, value) in patch {
            if name == "tags" {
                target.insert(name, value);
            } else {
                lay(target.entry(name).or_insert(Value::Null), value);
            }
        }
    }
    stored
}

fn lay(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                lay(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}

#[cfg(test)]
mod tests {
    use super::merge_patch;
    use serde_json::json;

    #[test]
    fn merges_objects_and_replaces_the_rest() {
        let stored =
            json!({"tags": {"a": "1"}, "properties": {"x": {"p": 1, "q": 2}, "list": [1], "y": 1}});
        let patch =
            json!({"tags": {"b": "2"}, "properties": {"x": {"p": 3}, "list": [2, 3], "y": null}});
        assert_eq!(
            merge_patch(stored, patch),
            json!({"tags": {"b": "2"}, "properties": {"x": {"p": 3, "q": 2}, "list": [2, 3], "y": null}})
        );
    }

    #[test]
    fn ignores_a_patch_that_is_no_object() {
        let stored = json!({"a": 1});
        assert_eq!(merge_patch(stored.clone(), json!(null)), stored);
    }
}
