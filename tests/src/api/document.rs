//! The table as an OpenAPI 3.1 document.

use std::collections::BTreeMap;

use shared::auth::{CLIENT_HEADER, COOKIE};
use shared::http::Refusal;
use utoipa::PartialSchema;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, RefOr, Required,
    ResponseBuilder, schema::Schema,
};

use super::{Described, Needs, Route};

/// The refusals that any request may meet.
const REFUSALS: [(u16, &str); 9] = [
    (400, "Mend the request: the message names the field"),
    (401, "Sign in"),
    (
        403,
        "Ask somebody who may, or show a code of the authenticator app",
    ),
    (404, "It is not there"),
    (409, "The state is another than the request assumes"),
    (413, "Send less"),
    (429, "Slow down"),
    (500, "A defect of ours"),
    (503, "A service behind us does not answer: try again"),
];

const DESCRIPTION: &str = "Every change needs the header x-linky-client and the portal's own Origin; what acts on money needs an \
     Idempotency-Key, which is the action's id: sent again with the same body, it gives the first outcome.";

/// The document of these routes.
pub fn document(routes: &[Route]) -> OpenApi {
    let refusal = Described::of::<Refusal>();
    let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
    let mut paths = PathsBuilder::new();
    schemas.extend(answered(&refusal));
    for route in routes {
        schemas.extend(answered(&route.answers.1));
    }
    for route in routes {
        for described in route.body.iter().chain(&route.in_query) {
            schemas.extend(described.schemas.iter().cloned());
        }
        let method = match route.method {
            "GET" => HttpMethod::Get,
            "PUT" => HttpMethod::Put,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Post,
        };
        let item = PathItem::new(method, operation(route, &refusal));
        paths = paths.path(route.path, item);
    }
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    // Every call has it, so it is no parameter that each would have to give.
    let client = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        CLIENT_HEADER,
        "Says that a page of our own sends it. What it says is not looked at.",
    )));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("session", cookie)
        .security_scheme("client", client);
    let info = InfoBuilder::new()
        .title("Linky billing")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn operation(route: &Route, refusal: &Described) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(route.id()))
        .summary(Some(route.summary))
        .tag(tag(route.path));
    for parameter in parameters(route) {
        operation = operation.parameter(parameter);
    }
    if let Some(body) = &route.body {
        let content = ContentBuilder::new().schema(Some(body.reference()));
        let body = RequestBodyBuilder::new()
            .content("application/json", content.build())
            .required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    let (statuses, answer) = &route.answers;
    for status in statuses {
        let content = ContentBuilder::new().schema(Some(answer.reference()));
        let mut response = ResponseBuilder::new()
            .description("As asked")
            .content("application/json", content.build());
        if route.method == "GET" {
            response = response.header("ETag", Header::new(String::schema()));
        }
        operation = operation.response(status.to_string(), response.build());
    }
    if route.method == "GET" {
        let unchanged = ResponseBuilder::new().description("Nothing has changed since it was read");
        operation = operation.response("304", unchanged.build());
    }
    for (status, words) in REFUSALS {
        let content = ContentBuilder::new().schema(Some(refusal.reference()));
        let response = ResponseBuilder::new()
            .description(words)
            .content("application/json", content.build());
        operation = operation.response(status.to_string(), response.build());
    }
    let none = Vec::<String>::new;
    let mut security = SecurityRequirement::default();
    if route.needs != Needs::Nobody {
        security = security.add("session", none());
    }
    if route.method != "GET" {
        security = security.add("client", none());
    }
    if security != SecurityRequirement::default() {
        operation = operation.security(security);
    }
    operation.build()
}

/// The schemas of an answer. What may be null in one is there all the same, which utoipa does not tell from what may be
/// left out: that is never null.
fn answered(described: &Described) -> impl Iterator<Item = (String, RefOr<Schema>)> {
    let schemas = described.schemas.iter().cloned();
    schemas.map(|(name, mut schema)| {
        if let RefOr::T(schema) = &mut schema {
            require_nullable(schema);
        }
        (name, schema)
    })
}

fn require_nullable(schema: &mut Schema) {
    let parts = match schema {
        Schema::Object(object) => {
            let nullable = object.properties.iter().filter(|(_, it)| may_be_null(it));
            let nullable: Vec<String> = nullable.map(|(name, _)| name.clone()).collect();
            object.required.extend(nullable);
            return;
        }
        Schema::AllOf(all) => &mut all.items,
        Schema::OneOf(one) => &mut one.items,
        _ => return,
    };
    for part in parts {
        if let RefOr::T(part) = part {
            require_nullable(part);
        }
    }
}

fn may_be_null(schema: &RefOr<Schema>) -> bool {
    let is_null = |it: &SchemaType| match it {
        SchemaType::Type(one) => *one == Type::Null,
        SchemaType::Array(several) => several.contains(&Type::Null),
        SchemaType::AnyValue => false,
    };
    match schema {
        RefOr::T(Schema::Object(object)) => is_null(&object.schema_type),
        RefOr::T(Schema::Array(array)) => is_null(&array.schema_type),
        RefOr::T(Schema::OneOf(one)) => one.items.iter().any(may_be_null),
        _ => false,
    }
}

fn tag(path: &str) -> &'static str {
    let words: Vec<&str> = path.split('/').collect();
    match words.as_slice() {
        [_, "api", "admin", "users", ..] => "Customers",
        [_, "api", "admin", "actions", ..] => "Approvals",
        [_, "api", "admin", "staff" | "policy" | "audit", ..] => "Administrators",
        [_, "api", "admin", ..] => "System",
        _ => "Signing in",
    }
}

/// What a parameter of a path looks like.
fn named_by(path: &str, name: &str) -> &'static str {
    let words: Vec<&str> = path.split('/').collect();
    match (name, words.as_slice()) {
        ("note", _) => "^note_[0-9a-f]{32}$",
        ("day", _) => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        (_, [_, "api", "admin", "users", ..]) => "^cus_[A-Za-z0-9_-]{1,250}$",
        (_, [_, "api", "admin", "actions", ..]) => "^act_[0-9a-f]{32}$",
        (_, [_, "api", "admin", "staff", ..]) => "^admin_[0-9a-f]{32}$",
        (_, [_, "api", "admin", "events", ..]) => "^evt_[A-Za-z0-9_-]{1,250}$",
        _ => "^session_[0-9a-f]{32}$",
    }
}

fn like(pattern: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    RefOr::T(Schema::Object(text.pattern(Some(pattern)).build()))
}

fn parameters(route: &Route) -> Vec<Parameter> {
    let mut parameters = route.query.clone();
    let names = route.path.split('{').skip(1);
    for name in names.filter_map(|rest| rest.split('}').next()) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(like(named_by(route.path, name))));
        parameters.push(parameter.build());
    }
    if route.keyed {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The action's id, drawn once for each form"))
            .schema(Some(like("^act_[0-9a-f]{32}$")));
        parameters.push(key.build());
    }
    parameters
}
