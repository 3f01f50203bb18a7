package procore

// CallCount is how many requests went to one endpoint.
type CallCount struct {
	Endpoint  string `json:"endpoint"` // the OpenAPI document's operationId
	Requests  int    `json:"requests"` // sent, retries included
	Retries   int    `json:"retries"`
	Throttled int    `json:"throttled"` // answered 429
}
