//go:build race

package job_test

// nightPresets is how large a company's night the race detector can follow in a few seconds.
const nightPresets = 1_000
