//! From our address of a checkout on to Stripe's.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::LOCATION;
use shared::error::Error;
use shared::http;

use crate::StartCheckout;

/// What somebody reads whose page leads nowhere.
const LOOK_IN_YOUR_MAIL: &str = include_str!("look-in-your-mail.html");

impl StartCheckout {
    /// Leads to Stripe's page. Where ours leads to none, because it ran out, was closed for another plan or for whoever has an
    /// account by now, or never did, says where to look.
    pub(crate) async fn lead(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let page = request.path_parameters.get("page").map(String::as_str);
        let page = page.unwrap_or_default();
        let now = self.front.clock.now();
        let Some(open) = self.front.store.checkout_of_page(page, now).await? else {
            return Ok(http::page(200, LOOK_IN_YOUR_MAIL));
        };
        let mut answer = http::page(303, "");
        let location = HeaderValue::from_str(&open.url).map_err(Error::internal)?;
        answer.headers.insert(LOCATION, location);
        Ok(answer)
    }
}
