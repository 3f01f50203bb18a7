package sandbox

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

var right = map[string]string{
	"grant_type": "client_credentials", "client_id": DefaultClientID, "client_secret": DefaultClientSecret,
}

func inParts(t *testing.T, fields map[string]string) (body, contentType string) {
	t.Helper()
	text := new(bytes.Buffer)
	writer := multipart.NewWriter(text)
	for name, value := range fields {
		if err := writer.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return text.String(), writer.FormDataContentType()
}

func TestATokenIsGivenForPartsAndForJSONToo(t *testing.T) {
	wrong := map[string]string{"grant_type": "client_credentials", "client_id": DefaultClientID, "client_secret": "x"}
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		for status, fields := range map[int]map[string]string{200: right, 401: wrong, 400: {}} {
			asJSON, _ := json.Marshal(fields)
			parts, contentType := inParts(t, fields)
			for name, send := range map[string]struct{ body, contentType string }{
				"JSON": {string(asJSON), "application/json; charset=utf-8"}, "parts": {parts, contentType},
			} {
				r := a.request("POST", "/oauth/token", strings.NewReader(send.body))
				r.Header.Set("Content-Type", send.contentType)
				got := a.send(r)
				if got.status != status {
					t.Errorf("%s answered %d, want %d: %s", name, got.status, status, got.body)
				}
				if status == http.StatusOK && !strings.Contains(string(got.body), `"token_type":"bearer"`) {
					t.Errorf("%s: %s", name, got.body)
				}
			}
		}
	})
}

func TestTheSchemeOfAuthorizationHasNoCase(t *testing.T) {
	a := inProcess(t, Options{}).login()
	r := a.request("GET", company+"tools", nil)
	r.Header.Set("Authorization", "bearer "+a.token)
	if got := a.send(r); got.status != http.StatusOK {
		t.Errorf("answered %d", got.status)
	}
}

// Whatever the body of a request for a token, it is read or refused, and never more than the fields that it has is found.
func FuzzTokenFields(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_secret=b%20c")
	f.Add("application/json", `{"grant_type":"client_credentials","client_id":7}`)
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\na\r\n--x--\r\n")
	f.Add("multipart/form-data", "--x--")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		fields, problem := tokenFields(contentType, []byte(body))
		if problem != "" && len(fields) > 0 {
			t.Errorf("fields %v and a problem: %s", fields, problem)
		}
	})
}

func TestWhoTheTokenBelongsToAndWhichCompaniesItSees(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		var me struct {
			ID    int64
			Login string
			Name  string
			Email string `json:"email_address"`
		}
		a.decode(a.get("/rest/v1.3/companies/42/me"), 200, &me)
		if me.ID != 3 || me.Email != "cid@example.com" {
			t.Errorf("of the company: %+v", me)
		}
		for _, header := range []string{"42", ""} {
			r := a.request("GET", "/rest/v1.0/me", nil)
			r.Header.Set("Procore-Company-Id", header)
			a.decode(a.send(r), 200, &me)
			if me.ID != 3 || me.Login != "cid@example.com" || me.Name != "Cid Doe" {
				t.Errorf("with the header %q: %+v", header, me)
			}
		}
		r := a.request("GET", "/rest/v1.0/companies", nil)
		r.Header.Del("Procore-Company-Id")
		if got := a.send(r); string(got.body) != `[{"id":42,"name":"Example Builders","is_active":true}]` {
			t.Errorf("the companies: %d %s", got.status, got.body)
		}
		r = a.request("GET", "/rest/v1.3/companies/42/me", nil)
		r.Header.Del("Procore-Company-Id")
		if got := a.send(r); got.status != http.StatusBadRequest {
			t.Errorf("of the company, without the header: %d", got.status)
		}
		r = a.request("GET", "/rest/v1.0/me", nil)
		r.Header.Set("Procore-Company-Id", "43")
		if got := a.send(r); got.status != http.StatusForbidden {
			t.Errorf("of another company: %d", got.status)
		}
		a.server.Change(func(c *Company) { c.Me = "" })
		for _, path := range []string{"/rest/v1.0/me", "/rest/v1.3/companies/42/me"} {
			if got := a.get(path); got.status != http.StatusForbidden {
				t.Errorf("of nobody, %s: %d", path, got.status)
			}
		}
	})
}
