//go:build race

package simulation_test

// defaultSeeds is how many seeds fit the time that `make test` may take with the race detector on.
const defaultSeeds = 60
