package planner

// What the tests of package planner_test share with those in here.
var (
	Explained = explained
	Golden    = golden
)
