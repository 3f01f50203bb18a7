//go:build !race

package simulation_test

// defaultSeeds is how many seeds run in well under a minute.
const defaultSeeds = 3000
