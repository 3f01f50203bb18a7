package settings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/sethvargo/go-envconfig"

	"procore-assignee-sync/sync"
)

// Source is where settings come from. A flag overrides the environment, and the environment an --env-file. Empty values
// count as unset.
type Source struct {
	flags  map[string]string // by setting
	byFlag map[string]string // the flag by which a setting was given: --mode for SYNC_MODE
	values map[string]string // environment over file, names as they were set; empty values left out
}

// NewSource reads the environment and the env file, if one is given.
func NewSource(environ []string, envFile string) (*Source, error) {
	s := &Source{flags: map[string]string{}, byFlag: map[string]string{}, values: map[string]string{}}
	if envFile != "" {
		fromFile, err := readEnvFile(envFile)
		if err != nil {
			return nil, &Error{[]Problem{{Name: "--env-file", What: err.Error()}}}
		}
		maps.Copy(s.values, fromFile)
	}
	for _, pair := range environ {
		if name, value, found := strings.Cut(pair, "="); found && (trim(value) != "" || isTab(name, value)) {
			s.values[name] = value
		}
	}
	maps.DeleteFunc(s.values, func(name, value string) bool { return trim(value) == "" && !isTab(name, value) })
	return s, nil
}

// isTab reports whether a value is white space on purpose.
func isTab(name, value string) bool { return name == "HR_CSV_DELIMITER" && value == "\t" }

// maxEnvFile bounds how much of an env file is read, in bytes.
const maxEnvFile = 1 << 20

func readEnvFile(path string) (map[string]string, error) {
	content, err := readFile(path, maxEnvFile)
	if err != nil {
		return nil, err
	}
	values, err := parseEnvFile(content)
	var line *envFileError
	switch {
	case errors.As(err, &line):
		return nil, fmt.Errorf("%s, %w", path, err)
	case err != nil:
		return nil, fmt.Errorf("names %s, which can't be read: %w", path, err)
	}
	return values, nil
}

// SetFlag records a setting that was given on the command line.
func (s *Source) SetFlag(f Flag, value string) {
	s.flags[f.Setting], s.byFlag[f.Setting] = value, "--"+f.Name
}

func (s *Source) asFlag(setting string) (string, bool) {
	flag, given := s.byFlag[setting]
	return flag, given
}

// texts fills in texts, and reports files that can't be read and settings that were given twice. It ignores secrets
// that the command does not need, and their files.
func (s *Source) texts(ctx context.Context, need Needs, problems *problemList) (texts, error) {
	lookup := map[string]string{}
	for _, name := range Names() {
		if name.Secret && !need.secret(name.Name) {
			continue
		}
		if value, ok := s.value(name, problems); ok {
			lookup[name.Name] = value
		}
	}
	var t texts
	err := envconfig.ProcessWith(ctx, &envconfig.Config{Target: &t, Lookuper: envconfig.MapLookuper(lookup)})
	return t, err
}

// value returns one setting: from its flag, its variable, the file that holds it, or its default. It removes what
// surrounds a value without being part of it, such as the newline that echo adds to a secret.
func (s *Source) value(name Name, problems *problemList) (string, bool) {
	if value, ok := s.flags[name.Name]; ok {
		return name.bare(name.Name, value, problems), true
	}
	value, direct := s.values[name.Name]
	path, file := s.values[name.FileName()]
	switch {
	case !name.Secret, !file:
	case direct:
		problems.add(name.Name, "and %s are both set: set one of them", name.FileName())
		return trim(value), true
	default:
		content, err := readSecretFile(trim(path))
		if err != nil {
			problems.add(name.FileName(), "%v", err)
			return "", false
		}
		return name.bare(name.FileName(), content, problems), true
	}
	if direct {
		return name.bare(name.Name, value, problems), true
	}
	return name.Default, name.Default != ""
}

// bare removes what surrounds a value. Quotes are never meant to be part of a value, so they are reported.
func (n Name) bare(as, value string, problems *problemList) string {
	if isTab(n.Name, value) {
		return value
	}
	value = trim(value)
	if inQuotes(value) && !n.Quoted {
		problems.add(as, "has quotes around its value, which are taken as a part of it: take them off (docker and Kubernetes"+
			" keep quotes, a shell and --env-file do not)")
		value = trim(value[1 : len(value)-1])
	}
	return value
}

// maxSecretFile bounds how much of a secret's file is read, in bytes.
const maxSecretFile = 64 << 10

// readSecretFile reads a mounted secret.
func readSecretFile(path string) (string, error) {
	content, err := readFile(path, maxSecretFile)
	if err != nil {
		return "", err
	}
	text, err := decode(content)
	switch {
	case err != nil:
		return "", fmt.Errorf("names %s, which can't be read: %w", path, err)
	case trim(text) == "":
		return "", fmt.Errorf("names %s, which is empty", path)
	}
	return text, nil
}

// readFile reads a file of at most the given number of bytes.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plainPathError(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, plainPathError(err)
	case int64(len(content)) > most:
		return nil, fmt.Errorf("names %s, which is larger than %d bytes", path, most)
	}
	return content, nil
}

// plainPathError says which file can't be read, and why.
func plainPathError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("names %s, which can't be read: %w", path.Path, path.Err)
	}
	return err
}

// injected matches the variables that Kubernetes and Docker links set for each service, which are not settings,
// whatever the service is called.
var injected = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// unknown reports names with our prefixes that are not settings.
func (s *Source) unknown(problems *problemList) {
	known := AllNames()
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		if !isOurs(name) || slices.Contains(known, name) || injected.MatchString(name) {
			continue
		}
		near := sync.NearNames(name, known)
		plain, isFile := strings.CutSuffix(name, "_FILE")
		switch {
		case isFile && slices.Contains(known, plain):
			problems.add(name, "is not a setting: only secrets can be given as a file, set %s itself", plain)
		case len(near) > 0:
			problems.add(name, "is not a setting: did you mean %s?", strings.Join(near, " or "))
		default:
			problems.add(name, "is not a setting: see `assignee-sync help settings`")
		}
	}
}
