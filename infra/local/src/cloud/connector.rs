//! The door of the local cloud: an HTTP connector that AWS SDK clients and the Stripe transport are given in place of
//! the network's. There is no socket behind it, so a test can tell exactly which call failed, and where.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::body::Bytes;
use http::Request;

use super::{Broken, Cloud};

impl Cloud {
    /// The connector to give to every client that is to speak to this cloud.
    pub fn connector(&self) -> SharedHttpConnector {
        SharedHttpConnector::new(InProcess(self.clone()))
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request
            .try_into_http1x()
            .map_err(|problem| ConnectorError::user(problem.into()))?;
        let (head, body) = request.into_parts();
        let body = body.bytes().map(Bytes::copy_from_slice).ok_or_else(|| {
            ConnectorError::user("the local cloud takes whole bodies, not streams".into())
        })?;
        let answer = self.handle(Request::from_parts(head, body)).await?;
        HttpResponse::try_from(answer.map(SdkBody::from))
            .map_err(|problem| ConnectorError::other(problem.into(), None))
    }
}

struct InProcess(Cloud);

impl std::fmt::Debug for InProcess {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("InProcess")
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let cloud = self.0.clone();
        HttpConnectorFuture::new(async move { cloud.carry(request).await })
    }
}

impl From<Broken> for ConnectorError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::TimedOut => Self::timeout(broken.into()),
            Broken::Refused | Broken::Cut | Broken::NobodyThere(_) => Self::io(broken.into()),
        }
    }
}
