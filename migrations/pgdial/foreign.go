package pgdial

import (
	"regexp"
	"strings"
)

const writeURL = "write postgres://user:password@host:5432/database"

// foreignForm says what to write instead of another library's connection string, or nothing if it is not one. It shows
// nothing of the text.
func foreignForm(text string) string {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	begins := func(prefixes ...string) bool {
		for _, prefix := range prefixes {
			if strings.HasPrefix(lower, prefix) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("jdbc:"):
		return "it is a JDBC URL: " + writeURL + ", without jdbc: and with user and password before the host"
	case begins("postgresql+", "postgres+"):
		return "it names a Python driver: " + writeURL + ", without what stands between postgres and ://"
	case begins("mysql:", "mariadb:", "sqlserver:", "mssql:", "oracle:", "mongodb:", "mongodb+srv:", "redis:", "sqlite:", "file:"):
		return "it is of another kind of database: " + writeURL
	case begins("http:", "https:"):
		return "it begins with http: " + writeURL
	case begins("pgsql:"):
		return "it is a PDO string: " + writeURL
	case begins("psql "):
		return "it is a command: leave out psql and its flags, and " + writeURL
	case begins(`"`, "'", "`", "“"):
		return "it stands in quotes: take them away"
	case namesSetting.MatchString(text):
		return "it begins with the name of a setting and an equals sign: leave them out, and " + writeURL
	case begins("driver=", "driver ="):
		return "it is an ODBC string: " + writeURL
	case adoNet.MatchString(text):
		return "it is a .NET (ADO.NET) connection string: " + writeURL + ", or host=… port=5432 dbname=… user=… password=… with spaces between"
	}
	return ""
}

var (
	namesSetting = regexp.MustCompile(`^(export\s+)?[A-Za-z_]*(DATABASE|POSTGRES|PG|DB)[A-Za-z_]*_(URL|URI|DSN)\s*=`)
	adoNet       = regexp.MustCompile(`(?i)^\s*` + adoKey + `\s*=[^;]*;\s*(` + adoKey + `\s*=|$)`)
)

const adoKey = "(host|server|data source|username|user id|user|uid|password|pwd|port|database|initial catalog|" +
	"integrated security|ssl mode|sslmode|trust server certificate|pooling|timeout)"

const leaveOut = ": leave it out"

// foreignKeys are keys of other libraries, in lower case, and what to write instead.
var foreignKeys = map[string]string{
	"schema":        "it has the key schema: write search_path=… instead",
	"currentschema": "it has the key currentSchema: write search_path=… instead",

	"pgbouncer":                "it has the key pgbouncer" + leaveOut + ", a pooler is no different here",
	"prepared_statements":      "it has the key prepared_statements" + leaveOut + ", none are used",
	"preparethreshold":         "it has the key prepareThreshold" + leaveOut + ", no statements are prepared",
	"statement_cache_size":     "it has the key statement_cache_size" + leaveOut + ", no statements are prepared",
	"prepared_statement_cache": "it has the key prepared_statement_cache" + leaveOut + ", no statements are prepared",
	"binary_parameters":        "it has the key binary_parameters" + leaveOut,
	"connection_limit":         "it has the key connection_limit" + leaveOut + ", no more than two connections are opened",
	"pool_timeout":             "it has the key pool_timeout" + leaveOut,
	"pool_size":                "it has the key pool_size" + leaveOut,
	"pool":                     "it has the key pool" + leaveOut,
	"pooling":                  "it has the key pooling" + leaveOut,
	"pool_max_conns":           "it has the key pool_max_conns" + leaveOut,
	"pool_min_conns":           "it has the key pool_min_conns" + leaveOut,
	"max_pool_size":            "it has the key max_pool_size" + leaveOut,
	"encoding":                 "it has the key encoding" + leaveOut + ", UTF-8 is used",
	"charset":                  "it has the key charset" + leaveOut + ", UTF-8 is used",
	"useunicode":               "it has the key useUnicode" + leaveOut + ", UTF-8 is used",
	"characterencoding":        "it has the key characterEncoding" + leaveOut + ", UTF-8 is used",
	"reconnect":                "it has the key reconnect" + leaveOut,
	"sslaccept":                "it has the key sslaccept: write sslmode=require or sslmode=verify-full instead",
	"usessl":                   "it has the key useSSL: write sslmode=require instead",
	"sslfactory":               "it has the key sslfactory: write sslmode=require or sslmode=verify-full instead",
	"ssl_mode":                 "it has the key ssl_mode: write sslmode=… instead",
	"ssl-mode":                 "it has the key ssl-mode: write sslmode=… instead",
	"ssl_ca":                   "it has the key ssl_ca: write sslrootcert=… instead",
	"connecttimeout":           "it has the key connectTimeout: write connect_timeout=… (seconds) instead",
	"logintimeout":             "it has the key loginTimeout: write connect_timeout=… (seconds) instead",
	"timeout":                  "it has the key timeout: write connect_timeout=… (seconds) instead",
	"sockettimeout":            "it has the key socketTimeout: write statement_timeout=… (milliseconds) instead",
	"socket_timeout":           "it has the key socket_timeout: write statement_timeout=… (milliseconds) instead",
	"applicationname":          "it has the key ApplicationName: write application_name=… instead",

	"server":   "it has the key server: write host=… instead",
	"uid":      "it has the key uid: write user=… instead",
	"username": "it has the key username: write user=… instead",
	"pwd":      "it has the key pwd: write password=… instead",
	"db":       "it has the key db: write dbname=… instead",
}
