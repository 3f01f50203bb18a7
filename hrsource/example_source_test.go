package hrsource_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"procore-assignee-sync/hrsource"
)

// jsonLines is a source of a third kind: one JSON object for each row, as a service would send them.
type jsonLines struct {
	From   io.Reader
	Format hrsource.RowFormat
}

var _ hrsource.Source = jsonLines{}

// Load hands each line to an intake, and says where the rows are from.
func (j jsonLines) Load(ctx context.Context) (*hrsource.Roster, error) {
	in := hrsource.NewIntake(j.Format, hrsource.ColumnUse{Used: []hrsource.UsedColumn{
		{Name: "email", Header: "mail"}, {Name: "team", Header: "crew"}, {Name: "status", Header: "state"},
	}})
	lines := json.NewDecoder(j.From)
	for n := 1; ; n++ {
		var line struct{ Mail, Crew, State string }
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, &hrsource.SourceError{File: "people.jsonl", Line: n, What: "it can't be read", Err: err, Hint: "export it again"}
		}
		in.Add(hrsource.Row{
			At:    hrsource.Position{Source: "people.jsonl", Line: n},
			Email: line.Mail, Team: line.Crew, Status: line.State,
		})
	}
	roster := &hrsource.Roster{Source: "people.jsonl", Key: "jsonl"}
	in.Finish(roster)
	return roster, nil
}

// A source of a further kind needs no more than a Load: an Intake judges its rows as it judges those of a file.
func ExampleSource() {
	var source hrsource.Source = jsonLines{From: strings.NewReader(`
{"mail": "Ann@Example.com", "crew": "Legal", "state": "active"}
{"mail": "ann@example.com", "crew": "Legal", "state": ""}
{"mail": "bob@example.com", "crew": "Legal; Finance", "state": "on leave"}
{"mail": "n/a", "crew": "Legal", "state": "gone"}
`)}
	roster, err := source.Load(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d rows of %s, columns %s\n", roster.Rows, roster.Source, roster.Columns)
	for _, m := range roster.Members {
		fmt.Println(m.Email, m.Team, m.Status, m.At)
	}
	for _, cause := range roster.Causes {
		fmt.Println("rejected:", cause)
	}
	// Output:
	// 4 rows of people.jsonl, columns email ("mail"), team ("crew"), status ("state")
	// ann@example.com Legal active [people.jsonl:1 people.jsonl:2]
	// rejected: team ('crew') 'Legal; Finance' holds more than one value: 1 row, people.jsonl:3; write one row for each
	// rejected: email ('mail') 'n/a' is not an e-mail address: 1 row, people.jsonl:4; leave the cell empty where somebody has none
	// rejected: status ('state') 'gone' is not known: 1 row, people.jsonl:4; set HR_STATUS_VALUES="terminated=gone"
}
