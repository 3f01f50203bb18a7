//go:build !race

package simulation_test

// defaultSeeds is how many seeds run in about a minute and a half on two cores.
const defaultSeeds = 3000
