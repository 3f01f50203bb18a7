package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// examples are the examples in each command's help, by the command's path. Lines that start with assignee-sync can be
// pasted, except for names in capitals.
var examples = map[string]string{
	"assignee-sync": `
# see the whole job on a simulated Procore
assignee-sync demo
# what would change, with settings from a file
assignee-sync plan --env-file assignee-sync.env`,

	"assignee-sync demo": `
assignee-sync demo
# keep HR file, role map and reports to look at
assignee-sync demo --keep ./demo`,

	"assignee-sync init": `
# from an export to a dry run
assignee-sync init --hr-csv export.csv --out ./company
assignee-sync plan --env-file ./company/assignee-sync.env`,

	"assignee-sync plan": `
assignee-sync plan --env-file assignee-sync.env
# one template in one project, as a page to send around
assignee-sync plan --template "Subcontract approval" --project 24-017 --format html > plan.html
# save what was reviewed, to apply exactly that
assignee-sync plan --out plan.json`,

	"assignee-sync apply": `
assignee-sync apply --env-file assignee-sync.env
# every night, where nobody can be asked
assignee-sync apply --yes
# what was reviewed, although a limit refused it
assignee-sync apply plan.json --approve 8c1f00d2ab34 --approved-by "J. Ruiz" --reason "office moved"`,

	"assignee-sync check": `
assignee-sync check --env-file assignee-sync.env
assignee-sync check --hr-csv export.csv --role-map role-map.csv --format json`,

	"assignee-sync explain": `
assignee-sync explain --person dana.whitfield@example.com
assignee-sync explain --project 24-017 --group "Project Manager"`,

	"assignee-sync rollback": `
# look at it, be asked, put it back
assignee-sync rollback 20261123T020000Z-3f9a1c
assignee-sync rollback 20261123T020000Z-3f9a1c --yes --max-removals 40`,

	"assignee-sync running": `
assignee-sync running --env-file assignee-sync.env
# somebody who left before this job began
assignee-sync running --person tom.becker@example.com`,

	"assignee-sync handover": `
# look at it, be asked, invite
assignee-sync handover --env-file assignee-sync.env
assignee-sync handover --person tom.becker@example.com --to alice.okafor@example.com`,

	"assignee-sync inbox": `
assignee-sync inbox --project 24-017`,

	"assignee-sync respond": `
assignee-sync respond 9007205254740993 --project 2008140000 --option Approve --comment "checked by ERP"
assignee-sync respond --file decisions.csv --yes`,

	"assignee-sync runs": `
assignee-sync runs
assignee-sync runs --all-companies --limit 0 --format json`,

	"assignee-sync runs show": `
assignee-sync runs show last
assignee-sync runs show 20261123T020000Z-3f9a1c --format html > run.html`,

	"assignee-sync history": `
assignee-sync history --person ann.lee@example.com --since 2026-11-01
assignee-sync history --project 24-017 --group Legal --format csv`,
	"assignee-sync runs verify": `
assignee-sync runs verify
assignee-sync runs verify last --format json`,

	"assignee-sync migrate": `
assignee-sync migrate ledger --env-file assignee-sync.env`,

	"assignee-sync migrate hr": `
assignee-sync migrate hr
# only look which version the tables have
assignee-sync migrate hr --status`,

	"assignee-sync migrate ledger": `
assignee-sync migrate ledger
assignee-sync migrate ledger --status`,

	"assignee-sync sandbox": `
# a company of 500 projects, with HR file, role map and settings for it
assignee-sync sandbox --projects 500 --rows 4000 --write ./sandbox
# with limits and faults
assignee-sync sandbox --rate 3600,25 --faults "503 on=getProjectPreset every=10 retry-after=2"`,

	"assignee-sync settings": `
assignee-sync help settings`,
	"assignee-sync version": `
assignee-sync version
assignee-sync version --json`,

	"assignee-sync man": `
assignee-sync man share/man/man1`,
}

// giveExamples sets the examples of a command and its subcommands.
func giveExamples(c *cobra.Command) {
	if text := strings.TrimSpace(examples[c.CommandPath()]); text != "" {
		c.Example = "  " + strings.ReplaceAll(text, "\n", "\n  ")
	}
	for _, below := range c.Commands() {
		giveExamples(below)
	}
}
