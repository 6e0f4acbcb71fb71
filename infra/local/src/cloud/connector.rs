//! The door of the local cloud: an HTTP connector that AWS SDK clients and the Stripe transport are given in place of
//! the network's. There is no socket behind it, so a test can tell exactly which call failed, and where.

use std::sync::Arc;

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
        self.connector_of("")
    }

    /// A connector whose calls say that `caller` makes them, so that a fault or a gate can be meant for one of two
    /// invocations in flight.
    pub fn connector_of(&self, caller: &str) -> SharedHttpConnector {
        SharedHttpConnector::new(InProcess {
            cloud: self.clone(),
            caller: Arc::from(caller),
        })
    }

    async fn carry(
        &self,
        caller: &Arc<str>,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let request = request
            .try_into_http1x()
            .map_err(|problem| ConnectorError::user(problem.into()))?;
        let (head, body) = request.into_parts();
        let body = body.bytes().map(Bytes::copy_from_slice).ok_or_else(|| {
            ConnectorError::user("the local cloud takes whole bodies, not streams".into())
        })?;
        let answer = self
            .handle_as(caller, Request::from_parts(head, body))
            .await?;
        HttpResponse::try_from(answer.map(SdkBody::from))
            .map_err(|problem| ConnectorError::other(problem.into(), None))
    }
}

struct InProcess {
    cloud: Cloud,
    caller: Arc<str>,
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("InProcess")
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (cloud, caller) = (self.cloud.clone(), Arc::clone(&self.caller));
        HttpConnectorFuture::new(async move { cloud.carry(&caller, request).await })
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
