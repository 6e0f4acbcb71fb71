//! CloudFormation's YAML as its JSON: `!Ref X` becomes `{"Ref": "X"}`, `!Sub x` becomes `{"Fn::Sub": "x"}`.

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// Parses a template.
///
/// # Errors
/// What is wrong, with its line where the parser knows it.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    plain(yaml)
}

fn plain(yaml: Yaml) -> Result<Value, String> {
    match yaml {
        Yaml::Null => Ok(Value::Null),
        Yaml::Bool(value) => Ok(value.into()),
        Yaml::String(text) => Ok(text.into()),
        Yaml::Number(number) => number
            .as_i64()
            .map(Value::from)
            .ok_or_else(|| format!("the number {number} is not a whole one; quote it")),
        Yaml::Sequence(items) => items.into_iter().map(plain).collect(),
        Yaml::Mapping(fields) => {
            let mut object = Map::new();
            for (name, value) in fields {
                let Yaml::String(name) = name else {
                    return Err(format!("the key {name:?} is not a text; quote it"));
                };
                object.insert(name, plain(value)?);
            }
            Ok(object.into())
        }
        Yaml::Tagged(tagged) => {
            let value = plain(tagged.value)?;
            let tag = tagged.tag.to_string();
            match tag.trim_start_matches('!') {
                "Ref" => Ok(json!({ "Ref": value })),
                "GetAtt" => Ok(json!({ "Fn::GetAtt": value })),
                "Sub" => Ok(json!({ "Fn::Sub": value })),
                "Join" => Ok(json!({ "Fn::Join": value })),
                _ => Err(format!(
                    "{tag} is not understood here; use !Ref, !Sub, !GetAtt or !Join"
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_their_functions_at_any_depth() {
        let template = parse("a: { b: [!Ref X, !Sub 'p-${Y}', !GetAtt Z.Arn] }\nn: 12").unwrap();
        assert_eq!(
            template,
            json!({
                "a": { "b": [{ "Ref": "X" }, { "Fn::Sub": "p-${Y}" }, { "Fn::GetAtt": "Z.Arn" }] },
                "n": 12,
            })
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(
            parse("a: !ImportValue x")
                .unwrap_err()
                .contains("!ImportValue")
        );
        assert!(parse("a: [").unwrap_err().contains("line"));
    }
}
