package hrsource

import (
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// text returns a value as a file would have it. Infinite dates become empty; what can't be parsed stays as it is, to be
// rejected with the row.
func (t *tableRows) text(column int, value string) string {
	value = strings.TrimSpace(value)
	oid := t.layout.types[column]
	if !isDate(oid) {
		return value
	}
	if column == colEnd && value == "infinity" || column == colStart && value == "-infinity" {
		return ""
	}
	if oid == pgtype.TimestamptzOID {
		moment := t.moment(oid, value)
		if moment.IsZero() {
			return value
		}
		if day := moment.UTC(); nullDates[DateOf(day)] && day.Equal(day.Truncate(24*time.Hour)) {
			return day.Format(time.DateOnly) // it means none, whatever day it is in this time zone
		}
		return moment.In(t.location).Format(time.DateOnly)
	}
	if day, _, isMoment := strings.Cut(value, " "); isMoment && !strings.HasSuffix(value, "BC") {
		return day
	}
	return value
}

// zones are the forms in which Postgres writes a zone's offset from UTC, which is as short as possible.
var zones = []string{"Z07", "Z07:00", "Z07:00:00"}

// moment parses a date or timestamp in ISO style. It returns zero if it is infinite or beyond Go's range.
func (t *tableRows) moment(oid uint32, value string) time.Time {
	switch oid {
	case pgtype.TimestamptzOID:
		for _, zone := range zones {
			if moment, err := time.Parse("2006-01-02 15:04:05.999999999"+zone, value); err == nil {
				return moment
			}
		}
	case pgtype.TimestampOID:
		if moment, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", value, t.server); err == nil {
			return moment
		}
	case pgtype.DateOID:
		if moment, err := time.ParseInLocation(time.DateOnly, value, t.server); err == nil {
			return moment
		}
	}
	return time.Time{}
}

// zoneOf returns the time zone of the session, in which now() is written into a column without a zone.
func zoneOf(conn *pgx.Conn) *time.Location {
	location, err := time.LoadLocation(conn.PgConn().ParameterStatus("TimeZone"))
	if err != nil {
		return time.UTC
	}
	return location
}
