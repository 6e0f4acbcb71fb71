//! What stands in the tables, row by row, as DynamoDB writes it.

use axum::body::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::World;

/// Between two lines that say how far a crowd has come.
const TOLD_EVERY: u32 = 10_000;

impl World {
    /// Takes rows out of a table behind everybody's back, as a restore of an old backup would.
    ///
    /// # Panics
    /// Where the table does not answer.
    pub async fn lose_rows(&self, table: &str, is_lost: impl Fn(&Value) -> bool) -> usize {
        let rows = self.rows(table).await;
        let lost: Vec<_> = rows.iter().filter(|row| is_lost(row)).collect();
        for row in &lost {
            let keys = ["pk", "sk"].into_iter();
            let key: serde_json::Map<_, _> = keys
                .filter_map(|name| Some((name.to_owned(), row.get(name)?.clone())))
                .collect();
            let request = json!({ "TableName": format!("linky-{table}"), "Key": key });
            self.table_call("DeleteItem", &request).await;
        }
        lost.len()
    }

    /// Writes every row of another world's table into ours.
    ///
    /// # Panics
    /// Where a table does not answer.
    pub async fn copy_rows_from(&self, other: &Self, table: &str) {
        self.put_rows(table, &other.rows(table).await).await;
    }

    /// Writes rows over those of the same keys behind everybody's back, as they are in DynamoDB.
    ///
    /// # Panics
    /// Where the table does not answer.
    pub async fn put_rows(&self, table: &str, rows: &[Value]) {
        for row in rows {
            let request = json!({ "TableName": format!("linky-{table}"), "Item": row });
            self.table_call("PutItem", &request).await;
        }
    }

    async fn table_call(&self, operation: &str, request: &Value) -> Value {
        let call = Request::post("http://dynamodb.us-east-1.amazonaws.com/")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .body(Bytes::from(request.to_string()))
            .unwrap_or_else(|error| panic!("{error}"));
        let answer = self.sandbox.cloud().handle(call).await;
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(answer.status(), 200, "{request}: {:?}", answer.body());
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    /// Every row of a table, by its name without the prefix.
    ///
    /// # Panics
    /// Where the table does not answer.
    pub async fn rows(&self, table: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut request = json!({ "TableName": format!("linky-{table}"), "ConsistentRead": true });
        loop {
            let mut page = self.table_call("Scan", &request).await;
            if let Value::Array(found) = page["Items"].take() {
                rows.extend(found);
            }
            match page.get_mut("LastEvaluatedKey") {
                Some(key) => request["ExclusiveStartKey"] = key.take(),
                None => return rows,
            }
        }
    }

    /// Puts as many customers into the list as are said, each with the rows by which the first one who came is listed and
    /// found.
    pub async fn crowd(&self, customers: u32) {
        let lists = |row: &Value| {
            let sk = row["sk"]["S"].as_str().unwrap_or_default();
            sk == "summary" || sk.starts_with("word#")
        };
        let rows: Vec<Value> = self.rows("users").await.into_iter().filter(lists).collect();
        for number in 0..customers {
            let (id, name) = (format!("cus_{number:08}"), format!("Customer {number:08}"));
            let mut made = rows.clone();
            for row in &mut made {
                row["pk"]["S"] = json!(format!("customer#{id}"));
                match row["sk"]["S"].as_str() {
                    Some("summary") => {
                        row["customer"]["S"] = json!(id);
                        row["name"] = json!({ "S": name });
                        row["name_key"] = json!({ "S": name.to_lowercase() });
                    }
                    Some("word#email") => {
                        row["word"] = json!({ "S": format!("{number:08}@example.com") });
                    }
                    _ => row["word"] = json!({ "S": name.to_lowercase() }),
                }
            }
            self.put_rows("users", &made).await;
            if number % TOLD_EVERY == TOLD_EVERY - 1 {
                eprintln!("  {} customers", number + 1);
            }
        }
    }
}
