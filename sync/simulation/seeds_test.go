//go:build !race

package simulation_test

// defaultSeeds is how many seeds run in about a minute on two cores, and manySeeds.
const defaultSeeds = 2000
