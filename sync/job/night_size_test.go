//go:build !race

package job_test

// nightPresets is the size of the company whose night is one test.
const nightPresets = 10_000
