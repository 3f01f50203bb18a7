package sync

import "testing"

func TestACountGoesWithItsNounAsAPersonWritesIt(t *testing.T) {
	for _, c := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "preset", "0 presets"},
		{1, "preset", "1 preset"},
		{2, "preset", "2 presets"},
		{999, "row", "999 rows"},
		{1000, "row", "1,000 rows"},
		{1234567, "row", "1,234,567 rows"},
		{-1000, "row", "-1,000 rows"},
		{-100, "row", "-100 rows"},
		{1, "person", "1 person"},
		{12345, "person", "12,345 people"},
	} {
		want(t, c.want, Several(c.n, c.noun), c.want)
	}
}
