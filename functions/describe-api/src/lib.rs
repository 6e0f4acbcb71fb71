//! What the portal's API is, as an OpenAPI document, for programs that are to use it. It is
//! generated from the types that the functions read and answer with, and says nothing of anybody.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};

/// The document. `./dev types` writes it anew, and the checks fail where that would change it.
const DOCUMENT: &str = include_str!("../openapi.json");

/// The function.
#[derive(Debug)]
pub struct DescribeApi;

impl DescribeApi {
    /// The function in its environment.
    ///
    /// # Errors
    /// None.
    pub fn new(_: &Env, _: &Platform) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl Function for DescribeApi {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        _: ApiGatewayV2httpRequest,
        _: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        );
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = 200;
        response.headers = headers;
        response.body = Some(DOCUMENT.to_owned().into());
        Ok(response)
    }
}
